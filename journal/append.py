"""Appending to the journal: every state change appends one entry."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django_mongodb_backend.transaction import on_commit

from config.logs import current_request_id
from config.mongo.collections import running_session
from config.mongo.duplicates import insert_ignoring_duplicates
from journal import handlers
from journal.documents import EntryData, EntryDocument
from journal.handler_notifier import notify_handlers
from journal.ids import new_entry_id
from journal.inline_delivery import inline_delivery
from journal.models import Entry


def build_entry(
    entry_type: str,
    *,
    subject: str,
    actor: str,
    at: datetime,
    data: EntryData,
    entry_id: str = "",
    request_id: str | None = None,
) -> EntryDocument:
    """Return an entry as MongoDB stores it, with every handler that wants it in ``pending``.

    Args:
        entry_id: where a repeated append must give the same entry, an id derived from its cause; else a new id is made.
        request_id: the request that caused the entry; by default the request that is being served.
    """
    return {
        "_id": entry_id or new_entry_id(at),
        "type": str(entry_type),
        "at": at,
        "actor": actor,
        "request_id": current_request_id() if request_id is None else request_id,
        "subject": subject,
        "data": data,
        "pending": handlers.names_for(entry_type, data),
        "delivered": {},
        "failures": {},
    }


def append(*entries: EntryDocument) -> None:
    """Append entries inside the running transaction, if there is one, and notify their handlers after its commit."""
    if entries:
        Entry.documents.insert_many(entries, session=running_session())
        on_commit(lambda: notify_handlers_of(entries))


def append_all(entries: Sequence[EntryDocument]) -> None:
    """Append entries of changes that are stored already. An entry whose id is taken is left out."""
    if entries:
        insert_ignoring_duplicates(Entry.documents, entries)
        notify_handlers_of(entries)


def deliver_and_append(entries: Sequence[EntryDocument]) -> None:
    """Deliver to the prompt handlers in this process, then append as ``append_all`` does."""
    inline_delivery.deliver(entries)
    append_all(entries)


def notify_handlers_of(entries: Iterable[EntryDocument]) -> None:
    notify_handlers({name for entry in entries for name in entry["pending"]})
