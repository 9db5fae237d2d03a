"""Who is told of what. Apps register their handlers when they start; the drain delivers."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from config import mail
from journal.models import Entry

Deliver = Callable[[Sequence[Entry]], None]
Wants = Callable[[str, dict[str, Any]], bool]


def everything(type: str, data: dict[str, Any]) -> bool:  # noqa: A002 - the entry's own word
    return True


def nothing(entries: Sequence[Entry]) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Handler:
    """An effect of journal entries.

    ``deliver`` gets up to ``batch`` entries of the ``types`` that it ``wants``, oldest first. It must be idempotent:
    after a crash it sees an entry again. It raises when it could not deliver; the drain then tries them one by one,
    later again, until ``give_up_after``, counted from the entry, or until it raises ``config.errors.Undeliverable``.

    With ``one_by_one`` it gets the batch in single entries, each marked as soon as it is taken: for effects that
    cannot be taken back. ``session`` is entered around the batch: for what many of them share.

    ``prompt`` marks what people wait for: the process that records an entry tries to deliver it (journal/prompt.py).
    It may have such a handler ``prepare`` first, for entries of what is about to stand, and which may never come.
    """

    name: str
    types: frozenset[str]
    deliver: Deliver = field(compare=False)
    batch: int = 200
    wants: Wants = field(compare=False, default=everything)
    one_by_one: bool = False
    session: Callable[[], AbstractContextManager[Any]] = field(compare=False, default=nullcontext)
    give_up_after: timedelta | None = None
    prompt: bool = False
    prepare: Deliver = field(compare=False, default=nothing)


def mail_handler(
    *,
    name: str,
    types: frozenset[str],
    deliver: Deliver,
    wants: Wants = everything,
    give_up_after: timedelta = timedelta(days=3),
) -> Handler:
    """Return a handler that sends mails: one connection for a batch, each mail marked as soon as it is handed over."""
    return Handler(
        name=name,
        types=types,
        deliver=deliver,
        batch=50,
        wants=wants,
        one_by_one=True,
        session=mail.connection,
        give_up_after=give_up_after,
    )


HANDLERS: dict[str, Handler] = {}


def register(handler: Handler) -> None:
    HANDLERS[handler.name] = handler


def names_for(type: str, data: dict[str, Any]) -> list[str]:  # noqa: A002 - the entry's own word
    """Return the handlers that want an entry of this type and with these data."""
    return [name for name, handler in HANDLERS.items() if type in handler.types and handler.wants(type, data)]
