"""How a handler that failed is retried: each entry by itself, after a pause that doubles, for as long as there is hope.

What is given up keeps its last failure, and the admin shows it.
"""

from datetime import datetime, timedelta

import structlog

from config.core.clock import as_utc, now
from config.core.errors import Undeliverable
from journal.documents import Failure, stamp
from journal.handlers import Handler
from journal.models import Entry

LONGEST_PAUSE = timedelta(minutes=15)
GIVEN_UP = "!"  # goes before the handler's name in ``pending``: never tried again, and found by the same index

log = structlog.get_logger(__name__)


def due(handler: Handler, moment: datetime) -> dict[str, object]:
    """Return the filter of the entries that a handler is to try now: new ones, and those whose pause is over."""
    retry_at = f"failures.{handler.name}.retry_at"
    return {"pending": handler.name, "$or": [{retry_at: {"$exists": False}}, {retry_at: {"$lte": stamp(moment)}}]}


def mark_failed(handler: Handler, entry: Entry, error: Exception) -> None:
    """Note a failure with the time of the next attempt, or give the entry up."""
    failure = failure_of(handler, entry, error)
    values: dict[str, object] = {f"failures.{handler.name}": failure}
    if hopeless := is_hopeless(handler, entry, error):
        values["pending.$"] = GIVEN_UP + handler.name
    Entry.documents.update_one({"_id": entry.id, "pending": handler.name}, {"$set": values})
    event = "journal_delivery_given_up" if hopeless else "journal_delivery_failed"
    log.warning(event, handler=handler.name, entry=entry.id, attempts=failure["attempts"], error=failure["error"])


def failure_of(handler: Handler, entry: Entry, error: Exception) -> Failure:
    attempts = entry.failures.get(handler.name, {}).get("attempts", 0) + 1
    reason = f"{type(error).__name__}: {error}"[:500]
    return {"attempts": attempts, "error": reason, "retry_at": stamp(now() + retry_pause(attempts))}


def retry_pause(attempts: int) -> timedelta:
    return min(LONGEST_PAUSE, timedelta(seconds=2 ** min(attempts, 20)))


def is_hopeless(handler: Handler, entry: Entry, error: Exception) -> bool:
    """Tell whether to stop trying: the handler says so, or it took too long."""
    waited = now() - as_utc(entry.at)
    too_long = handler.give_up_after is not None and waited > handler.give_up_after
    return too_long or isinstance(error, Undeliverable)
