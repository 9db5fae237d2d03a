"""Effects of journal entries. Apps register their handlers when they start (``<app>/handlers.py``)."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta

from config.core import mail
from journal.documents import EntryData
from journal.models import Entry


class Handler(ABC):
    """One effect of the entries of some types. ``pending`` of an entry has its ``name`` until it took the entry."""

    name: str
    types: Collection[str]
    batch: int = 200  # entries in one call of ``deliver``, at most
    one_by_one: bool = False  # each entry is marked as soon as it is taken: for effects that cannot be undone
    give_up_after: timedelta | None = None  # age of the entry; None: the handler is retried for ever
    prompt: bool = False  # users wait for the effect: the process that appends an entry tries first (inline_delivery)

    def wants(self, entry_type: str, data: EntryData) -> bool:
        """Tell whether the handler wants an entry of its types; asked when the entry is built."""
        return True

    @abstractmethod
    def deliver(self, entries: Sequence[Entry]) -> None:
        """Take entries, oldest first. Must be idempotent: after a crash the same entry comes again.

        Any exception means that none of the entries is taken: they are tried one by one, and later again.

        Raises:
            Undeliverable: to give an entry up at once.
        """

    def session(self) -> AbstractContextManager[object]:
        """Return a context for one batch, for resources that its entries share, such as a connection."""
        return nullcontext()

    def prepare(self, entries: Sequence[Entry]) -> None:  # noqa: B027 - most have nothing to prepare
        """Prepare for entries that will probably be appended soon. Only called for prompt handlers."""


class MailHandler(Handler):
    """Sends mails: one connection for a batch, each entry marked as soon as its mail is sent."""

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
    """Return the names of the handlers that want an entry of this type with these data."""
    candidates = (handler for handler in HANDLERS.values() if entry_type in handler.types)
    return [handler.name for handler in candidates if handler.wants(entry_type, data)]
