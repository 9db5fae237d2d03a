"""Delivering entries: each handler gets each of its entries, oldest first, until it took it.

A handler that fails holds up neither the other handlers nor its own later entries: journal/retries.py says when a
failed entry is tried again.
"""

from collections.abc import Sequence
from datetime import datetime

from config.core.clock import now
from config.mongo.collections import running_session
from journal import retries
from journal.documents import stamp
from journal.handlers import HANDLERS, Handler
from journal.lease import HeldLease, hold
from journal.models import Entry
from journal.retries import mark_failed


def dispatch(handler_name: str) -> int:
    """Deliver what waits for a handler and is due; return how many entries it took.

    Returns 0 when another process is at it: that one looks again before it stops.
    """
    handler = HANDLERS[handler_name]
    taken = 0
    for lease in hold(handler_name):
        is_more = True
        while is_more and lease.is_held():
            entries = due(handler, now())
            taken += deliver(handler, entries, lease)
            is_more = len(entries) == handler.batch  # who writes one meanwhile asks to look again
    return taken


def due(handler: Handler, moment: datetime) -> list[Entry]:
    """Return the next entries for a handler, oldest first."""
    found = Entry.documents.find(retries.due(handler, moment), {"pending": 0, "delivered": 0})
    return [Entry.of(document) for document in found.sort([("at", 1), ("_id", 1)]).limit(handler.batch)]


def deliver(handler: Handler, entries: Sequence[Entry], lease: HeldLease) -> int:
    """Hand entries over and record the outcome; return how many were taken."""
    if not entries:
        return 0
    parts = [[entry] for entry in entries] if handler.one_by_one else [entries]
    try:
        with lease.kept_alive(), handler.session():
            return sum(deliver_part(handler, part) for part in parts if is_ours(handler, part, lease))
    except Exception as error:  # noqa: BLE001 - the session did not open: that holds for all of them
        for entry in entries:
            mark_failed(handler, entry, error)
        return 0


def is_ours(handler: Handler, part: Sequence[Entry], lease: HeldLease) -> bool:
    """Tell whether to deliver now what was read some time ago.

    A process that stalled for longer than its lease wakes up with entries that another one delivered meanwhile.
    Those who take a batch whole notice by themselves; what cannot be taken back must not even be tried.
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


def still_pending(name: str, entries: Sequence[Entry]) -> list[Entry]:
    """Return those of the entries that a handler has not taken yet, as the running transaction sees them."""
    query = {"_id": {"$in": [entry.id for entry in entries]}, "pending": name}
    pending = {row["_id"] for row in Entry.documents.find(query, {"_id": 1}, session=running_session())}
    return [entry for entry in entries if entry.id in pending]


def mark_delivered(name: str, entries: Sequence[Entry]) -> None:
    """Note that a handler took these entries, inside the running transaction if there is one."""
    update = {
        "$pull": {"pending": name},
        "$set": {f"delivered.{name}": stamp(now())},
        "$unset": {f"failures.{name}": ""},
    }
    ids = [entry.id for entry in entries]
    Entry.documents.update_many({"_id": {"$in": ids}}, update, session=running_session())
