"""Delivering entries: each handler gets each of its entries, oldest first, until it took it.

A handler that fails holds up neither the other handlers nor its own later entries: the failed entry is tried
again after a pause that doubles, for as long as it takes; the admin shows it meanwhile.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from config.clock import now
from config.mongo.raw import collection
from journal.handlers import HANDLERS, Handler
from journal.lease import hold
from journal.models import Entry

LONGEST_PAUSE = timedelta(minutes=15)

log = structlog.get_logger(__name__)


def drain(handler_name: str) -> int:
    """Deliver what waits for a handler and is due; return how many entries it took.

    Returns 0 when another process is at it: that one looks again before it stops.
    """
    handler = HANDLERS[handler_name]
    taken = 0
    for lease in hold(handler_name):
        while entries := due(handler, now()):
            taken += deliver(handler, entries)
            lease.renew()
    return taken


def due(handler: Handler, moment: datetime) -> list[Entry]:
    """Return the next entries for a handler, oldest first."""
    retry_at = f"failures.{handler.name}.retry_at"
    waiting = {"pending": handler.name, "$or": [{retry_at: {"$exists": False}}, {retry_at: {"$lte": stamp(moment)}}]}
    found = collection(Entry).find(waiting, {"pending": 0, "delivered": 0})
    documents = found.sort([("at", 1), ("_id", 1)]).limit(handler.batch)
    return [Entry(id=document.pop("_id"), **document) for document in documents]


def deliver(handler: Handler, entries: Sequence[Entry]) -> int:
    """Hand entries over and record the outcome; return how many were taken."""
    try:
        handler.deliver(entries)
    except Exception as error:  # noqa: BLE001 - whatever a handler raises, the entry stays and is tried again
        if len(entries) > 1:
            return sum(deliver(handler, [entry]) for entry in entries)
        mark_failed(handler, entries[0], error)
        return 0
    mark_delivered(handler, entries)
    return len(entries)


def mark_delivered(handler: Handler, entries: Sequence[Entry]) -> None:
    update = {
        "$pull": {"pending": handler.name},
        "$set": {f"delivered.{handler.name}": stamp(now())},
        "$unset": {f"failures.{handler.name}": ""},
    }
    collection(Entry).update_many({"_id": {"$in": [entry.id for entry in entries]}}, update)


def mark_failed(handler: Handler, entry: Entry, error: Exception) -> None:
    attempts = entry.failures.get(handler.name, {}).get("attempts", 0) + 1
    pause = min(LONGEST_PAUSE, timedelta(seconds=2 ** min(attempts, 20)))
    failure = {
        "attempts": attempts,
        "error": f"{type(error).__name__}: {error}"[:500],
        "retry_at": stamp(now() + pause),
    }
    collection(Entry).update_one({"_id": entry.id}, {"$set": {f"failures.{handler.name}": failure}})
    log.warning(
        "journal_delivery_failed", handler=handler.name, entry=entry.id, attempts=attempts, error=failure["error"]
    )


def stamp(moment: datetime) -> str:
    """Return a time as JSON fields hold it, of fixed width, so that MongoDB compares it as text."""
    return moment.isoformat(timespec="milliseconds")
