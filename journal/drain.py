"""Delivering entries: each handler gets each of its entries, oldest first, until it took it.

A handler that fails holds up neither the other handlers nor its own later entries: the failed entry is tried
again after a pause that doubles, for as long as the handler has hope; the admin shows it meanwhile and afterwards.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog

from config.clock import as_utc, now
from config.errors import Undeliverable
from config.mongo.raw import collection, running_session
from journal.handlers import HANDLERS, Handler
from journal.lease import HeldLease, hold
from journal.models import Entry

LONGEST_PAUSE = timedelta(minutes=15)
GIVEN_UP = "!"  # goes before the handler's name in ``pending``: never tried again, and found by the same index

log = structlog.get_logger(__name__)


def drain(handler_name: str) -> int:
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
    retry_at = f"failures.{handler.name}.retry_at"
    waiting = {"pending": handler.name, "$or": [{retry_at: {"$exists": False}}, {retry_at: {"$lte": stamp(moment)}}]}
    found = collection(Entry).find(waiting, {"pending": 0, "delivered": 0})
    documents = found.sort([("at", 1), ("_id", 1)]).limit(handler.batch)
    return [Entry.of(document) for document in documents]


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
    pending = {row["_id"] for row in collection(Entry).find(query, {"_id": 1}, session=running_session())}
    return [entry for entry in entries if entry.id in pending]


def mark_delivered(name: str, entries: Sequence[Entry]) -> None:
    """Note that a handler took these entries, inside the running transaction if there is one."""
    update = {
        "$pull": {"pending": name},
        "$set": {f"delivered.{name}": stamp(now())},
        "$unset": {f"failures.{name}": ""},
    }
    ids = [entry.id for entry in entries]
    collection(Entry).update_many({"_id": {"$in": ids}}, update, session=running_session())


def mark_failed(handler: Handler, entry: Entry, error: Exception) -> None:
    attempts = entry.failures.get(handler.name, {}).get("attempts", 0) + 1
    pause = min(LONGEST_PAUSE, timedelta(seconds=2 ** min(attempts, 20)))
    reason = f"{type(error).__name__}: {error}"[:500]
    failure = {"attempts": attempts, "error": reason, "retry_at": stamp(now() + pause)}
    update: dict[str, Any] = {"$set": {f"failures.{handler.name}": failure}}
    if hopeless := is_hopeless(handler, entry, error):
        update["$set"]["pending.$"] = GIVEN_UP + handler.name
    collection(Entry).update_one({"_id": entry.id, "pending": handler.name}, update)
    event = "journal_delivery_given_up" if hopeless else "journal_delivery_failed"
    log.warning(event, handler=handler.name, entry=entry.id, attempts=attempts, error=failure["error"])


def is_hopeless(handler: Handler, entry: Entry, error: Exception) -> bool:
    """Tell whether to stop trying: the handler says so, or it took too long."""
    waited = now() - as_utc(entry.at)
    too_long = handler.give_up_after is not None and waited > handler.give_up_after
    return too_long or isinstance(error, Undeliverable)


def stamp(moment: datetime) -> str:
    """Return a time as JSON fields hold it, of fixed width, so that MongoDB compares it as text."""
    return moment.isoformat(timespec="milliseconds")
