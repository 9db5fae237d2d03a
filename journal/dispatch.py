"""Delivering entries: each handler gets each of its entries, oldest first, until it has taken it.

A failed entry holds up neither the other handlers nor the later entries of its own handler: journal/retries.py says
when it is tried again.
"""

from collections.abc import Sequence
from datetime import datetime

from config.core.clock import now
from config.mongo.collections import running_session
from journal import retries
from journal.documents import stamp
from journal.handlers import HANDLERS, Handler
from journal.lease import HeldLease, passes_under_lease
from journal.models import Entry
from journal.retries import mark_failed


def dispatch(handler_name: str) -> int:
    """Deliver the due entries of a handler; return how many it took.

    Returns 0 while another process holds the handler's lease: that process makes one more pass.
    """
    handler = HANDLERS[handler_name]
    taken = 0
    for lease in passes_under_lease(handler_name):
        has_more = True
        while has_more and lease.is_held():
            entries = due_entries(handler, now())
            taken += deliver(handler, entries, lease)
            has_more = len(entries) == handler.batch  # whoever appends more meanwhile asks for another pass
    return taken


def due_entries(handler: Handler, moment: datetime) -> list[Entry]:
    """Return the next batch for a handler, oldest first."""
    found = Entry.documents.find(retries.due_filter(handler, moment), {"pending": 0, "delivered": 0})
    return [Entry.of(document) for document in found.sort([("at", 1), ("_id", 1)]).limit(handler.batch)]


def deliver(handler: Handler, entries: Sequence[Entry], lease: HeldLease) -> int:
    """Give entries to the handler and record the outcome; return how many it took."""
    if not entries:
        return 0
    parts = [[entry] for entry in entries] if handler.one_by_one else [entries]
    try:
        with lease.kept_alive(), handler.session():
            return sum(deliver_part(handler, part) for part in parts if may_deliver(handler, part, lease))
    except Exception as error:  # noqa: BLE001 - the session did not open, so every entry of the batch failed
        for entry in entries:
            mark_failed(handler, entry, error)
        return 0


def may_deliver(handler: Handler, part: Sequence[Entry], lease: HeldLease) -> bool:
    """Tell whether entries that were read some time ago may be delivered now.

    A process that stalls for longer than its lease holds entries that another process has delivered meanwhile. Handlers
    of whole batches detect that themselves. An effect that cannot be undone must not be tried again.
    """
    return not handler.one_by_one or (lease.is_held() and bool(still_pending(handler.name, part)))


def deliver_part(handler: Handler, entries: Sequence[Entry]) -> int:
    try:
        handler.deliver(entries)
    except Exception as error:  # noqa: BLE001 - whatever a handler raises, the entry stays and is tried again
        if len(entries) > 1:
            return sum(deliver_part(handler, [entry]) for entry in entries)
        mark_failed(handler, entries[0], error)
        return 0
    mark_delivered(handler.name, entries)
    return len(entries)


def still_pending(handler_name: str, entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries that a handler has not taken yet, as the running transaction sees them."""
    query = {"_id": {"$in": [entry.id for entry in entries]}, "pending": handler_name}
    pending = {row["_id"] for row in Entry.documents.find(query, {"_id": 1}, session=running_session())}
    return [entry for entry in entries if entry.id in pending]


def mark_delivered(handler_name: str, entries: Sequence[Entry]) -> None:
    """Record that a handler took these entries, inside the running transaction if there is one."""
    update = {
        "$pull": {"pending": handler_name},
        "$set": {f"delivered.{handler_name}": stamp(now())},
        "$unset": {f"failures.{handler_name}": ""},
    }
    ids = [entry.id for entry in entries]
    Entry.documents.update_many({"_id": {"$in": ids}}, update, session=running_session())
