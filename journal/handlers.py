"""Effects of journal entries. Apps register theirs when they start (``<app>/handlers.py``); the drain delivers."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta

from config.core import mail
from journal.documents import EntryData
from journal.models import Entry


class Handler(ABC):
    """One effect of the entries of some types. Entries keep its ``name`` until it has taken them."""

    name: str
    types: Collection[str]
    batch: int = 200  # entries that it gets at once, at most
    one_by_one: bool = False  # each marked as soon as it is taken: for effects that cannot be taken back
    give_up_after: timedelta | None = None  # counted from the entry; without it a handler never loses hope
    prompt: bool = (
        False  # people wait for it: the process that appends an entry tries first (journal/inline_delivery.py)
    )

    def wants(self, entry_type: str, data: EntryData) -> bool:
        """Tell whether an entry of its types is for it, when the entry is made."""
        return True

    @abstractmethod
    def deliver(self, entries: Sequence[Entry]) -> None:
        """Take entries, oldest first. Must be idempotent: after a crash it sees an entry again.

        Raises whatever keeps it from taking them: they are then tried one by one, and later again.

        Raises:
            Undeliverable: to give an entry up at once.
        """

    def session(self) -> AbstractContextManager[object]:
        """Return what is entered around a batch: what its entries share, such as a connection."""
        return nullcontext()

    def prepare(self, entries: Sequence[Entry]) -> None:  # noqa: B027 - most have nothing to prepare
        """Get ready for entries that are about to be appended, and may never be. Only prompt handlers are asked."""


class MailHandler(Handler):
    """Sends mails: one connection for a batch, each mail marked as soon as it is handed over."""

    batch = 50
    one_by_one = True
    give_up_after = timedelta(days=3)

    def session(self) -> AbstractContextManager[object]:
        return mail.connection()


HANDLERS: dict[str, Handler] = {}


def register(*handlers: Handler) -> None:
    for handler in handlers:
        HANDLERS[handler.name] = handler


def names_for(entry_type: str, data: EntryData) -> list[str]:
    """Return the handlers that want an entry of this type and with these data."""
    takers = (handler for handler in HANDLERS.values() if entry_type in handler.types)
    return [handler.name for handler in takers if handler.wants(entry_type, data)]
