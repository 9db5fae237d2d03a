"""Deliveries as a queue in MongoDB: one update takes one, one update says what became of it.

Taking is a lease: a worker that dies leaves its delivery to the next one. ``locked_until`` also tells a late
holder that it lost its lease.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from pymongo import ReturnDocument

from config.core.clock import as_utc, iso
from config.mongo.collections import aggregate
from config.mongo.duplicates import insert_ignoring_duplicates
from realtime.documents import AttemptDocument, DeliveryDocument
from realtime.models import Delivery

LEASE = timedelta(seconds=60)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=10), timedelta(hours=1)
PATIENCE = timedelta(hours=24)
ATTEMPTS_KEPT = 20
GONE = 410
PENDING, DELIVERED, FAILED = (status.value for status in Delivery.Status)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one attempt went: the receiver's HTTP status, or no status and why there is none."""

    at: datetime
    status: int | None
    error: str | None
    duration_ms: int

    @property
    def delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    def as_logged(self) -> AttemptDocument:
        return {"at": iso(self.at), "status": self.status, "error": self.error, "durationMs": self.duration_ms}


def put(documents: Sequence[DeliveryDocument]) -> None:
    """Store deliveries; one that is there already stays as it is."""
    insert_ignoring_duplicates(Delivery.documents, documents)


def waiting(moment: datetime) -> dict[str, object]:
    """Match what is due and in nobody's hands."""
    return {"status": PENDING, "due_at": {"$lte": moment}, "locked_until": {"$lte": moment}}


def due_webhooks(*, now: datetime) -> list[str]:
    """Return the ids of the webhooks that something is due for; those waiting longest first."""
    oldest = {"$group": {"_id": "$webhook", "since": {"$min": "$due_at"}}}
    rows = aggregate(Delivery.documents, [{"$match": waiting(now)}, oldest, {"$sort": {"since": 1}}])
    return [row["_id"] for row in rows]


def take(webhook_id: str, *, now: datetime) -> Delivery | None:
    """Lease the delivery that has been due longest for a webhook."""
    document = Delivery.documents.find_one_and_update(
        {**waiting(now), "webhook": webhook_id},
        {"$set": {"locked_until": now + LEASE}},
        sort=[("due_at", 1)],
        return_document=ReturnDocument.AFTER,
    )
    return Delivery.of(document) if document else None


def record(delivery: Delivery, attempt: Attempt, *, now: datetime) -> None:
    """Log an attempt, say what comes next, and give the lease back."""
    mine = {"_id": delivery.id, "locked_until": delivery.locked_until}
    logged = {"$push": {"log": {"$each": [attempt.as_logged()], "$slice": -ATTEMPTS_KEPT}}}
    after = {"locked_until": now, **what_next(delivery, attempt, now=now)}
    outcome = {**logged, "$set": after, "$inc": {"tries": 1}}
    if Delivery.documents.update_one({**mine, "round": delivery.round}, outcome).matched_count:
        return
    # Sending it again was asked for during the attempt: then that is what comes next, whatever came of this one.
    if not Delivery.documents.update_one(mine, {**logged, "$set": {"locked_until": now}}).matched_count:
        log.warning("webhook_lease_lost", delivery=delivery.id, status=attempt.status)


def what_next(delivery: Delivery, attempt: Attempt, *, now: datetime) -> dict[str, object]:
    """Return the fields that an attempt changes: done, given up, or when to try again."""
    if attempt.delivered:
        return {"status": DELIVERED}
    due_at = now + pause_after(delivery.tries)
    if attempt.status == GONE or due_at > as_utc(delivery.created_at) + PATIENCE:
        return {"status": FAILED}
    return {"status": PENDING, "due_at": due_at}


def pause_after(tries: int) -> timedelta:
    """Return a pause that doubles; a fifth of it is chance, so that what failed together does not return together."""
    longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(tries, 20))
    return longest * random.uniform(0.8, 1)  # noqa: S311 - jitter, not a secret


def ask_again(*, webhook_id: str, delivery_id: str, now: datetime) -> bool:
    """Make a delivery due now, whatever became of it; tell whether there is one."""
    again = {"$set": {"status": PENDING, "due_at": now, "tries": 0}, "$inc": {"round": 1}}
    found = Delivery.documents.update_one({"_id": delivery_id, "webhook": webhook_id}, again)
    return bool(found.matched_count)


def forget(webhook_id: str) -> None:
    """Delete all deliveries of a webhook that is gone."""
    Delivery.documents.delete_many({"webhook": webhook_id})
