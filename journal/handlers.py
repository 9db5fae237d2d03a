"""Who is told of what. Apps register their handlers when they start; the drain delivers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from journal.models import Entry

Deliver = Callable[[Sequence[Entry]], None]


@dataclass(frozen=True, slots=True)
class Handler:
    """An effect of journal entries.

    ``deliver`` gets up to ``batch`` entries of the ``types``, oldest first. It must be idempotent: after a crash
    it sees an entry again. It raises when it could not deliver; the drain then tries them one by one, later again.
    """

    name: str
    types: frozenset[str]
    deliver: Deliver = field(compare=False)
    batch: int = 200


HANDLERS: dict[str, Handler] = {}


def register(handler: Handler) -> None:
    HANDLERS[handler.name] = handler


def names_for(entry_type: str) -> list[str]:
    """Return the handlers that want entries of this type."""
    return [name for name, handler in HANDLERS.items() if entry_type in handler.types]
