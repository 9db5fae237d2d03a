"""When a failed entry is tried again: after a pause that doubles, until its handler gives it up.

An entry that was given up keeps its last failure, which the admin shows.
"""

from datetime import datetime, timedelta

import structlog

from config.core.clock import as_utc, now
from config.core.errors import Undeliverable
from journal.documents import Failure, stamp
from journal.handlers import Handler
from journal.models import Entry

LONGEST_PAUSE = timedelta(minutes=15)
GIVEN_UP = "!"  # stands before the handler's name in ``pending``, so that the same index finds what was given up

log = structlog.get_logger(__name__)


def due_filter(handler: Handler, moment: datetime) -> dict[str, object]:
    """Return the filter of the entries that a handler is to try now: new ones, and those whose pause is over."""
    retry_at = f"failures.{handler.name}.retry_at"
    return {"pending": handler.name, "$or": [{retry_at: {"$exists": False}}, {retry_at: {"$lte": stamp(moment)}}]}


def mark_failed(handler: Handler, entry: Entry, error: Exception) -> None:
    """Record a failure with the time of the next attempt, or give the entry up."""
    failure = failure_of(handler, entry, error)
    values: dict[str, object] = {f"failures.{handler.name}": failure}
    if is_given_up := should_give_up(handler, entry, error):
        values["pending.$"] = GIVEN_UP + handler.name
    Entry.documents.update_one({"_id": entry.id, "pending": handler.name}, {"$set": values})
    event = "journal_delivery_given_up" if is_given_up else "journal_delivery_failed"
    log.warning(event, handler=handler.name, entry=entry.id, attempts=failure["attempts"], error=failure["error"])


def failure_of(handler: Handler, entry: Entry, error: Exception) -> Failure:
    attempts = entry.failures.get(handler.name, {}).get("attempts", 0) + 1
    reason = f"{type(error).__name__}: {error}"[:500]
    return {"attempts": attempts, "error": reason, "retry_at": stamp(now() + retry_pause(attempts))}


def retry_pause(attempts: int) -> timedelta:
    return min(LONGEST_PAUSE, timedelta(seconds=2 ** min(attempts, 20)))


def should_give_up(handler: Handler, entry: Entry, error: Exception) -> bool:
    age = now() - as_utc(entry.at)
    is_too_old = handler.give_up_after is not None and age > handler.give_up_after
    return is_too_old or isinstance(error, Undeliverable)
