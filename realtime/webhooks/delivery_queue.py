"""Deliveries as a queue in MongoDB: one update leases a delivery, one update records the outcome of an attempt.

When a worker dies, its lease runs out and another worker leases the delivery. ``locked_until`` is the fencing token: a
worker that comes back late sees by it that its lease is lost.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from pymongo import ReturnDocument

from config.mongo.collections import aggregate
from config.mongo.duplicates import insert_ignoring_duplicates
from realtime.documents import DeliveryDocument
from realtime.models import Delivery
from realtime.webhooks.attempts import Attempt
from realtime.webhooks.retries import PENDING, next_state

LEASE = timedelta(seconds=60)
LOGGED_ATTEMPTS = 20

log = structlog.get_logger(__name__)


def enqueue(documents: Sequence[DeliveryDocument]) -> None:
    """Store deliveries; one that is stored already stays as it is."""
    insert_ignoring_duplicates(Delivery.documents, documents)


def due_filter(moment: datetime) -> dict[str, object]:
    """Match deliveries that are due and that no worker has leased."""
    return {"status": PENDING, "due_at": {"$lte": moment}, "locked_until": {"$lte": moment}}


def due_webhooks(*, now: datetime) -> list[str]:
    """Return the ids of the webhooks with due deliveries, the one with the oldest first."""
    oldest = {"$group": {"_id": "$webhook", "since": {"$min": "$due_at"}}}
    rows = aggregate(Delivery.documents, [{"$match": due_filter(now)}, oldest, {"$sort": {"since": 1}}])
    return [row["_id"] for row in rows]


def lease_next(webhook_id: str, *, now: datetime) -> Delivery | None:
    document = Delivery.documents.find_one_and_update(
        {**due_filter(now), "webhook": webhook_id},
        {"$set": {"locked_until": now + LEASE}},
        sort=[("due_at", 1)],
        return_document=ReturnDocument.AFTER,
    )
    return Delivery.of(document) if document else None


def record_attempt(delivery: Delivery, attempt: Attempt, *, now: datetime) -> None:
    """Log an attempt, store the delivery's next state, and end the lease."""
    leased = {"_id": delivery.id, "locked_until": delivery.locked_until}
    logged = {"$push": {"log": {"$each": [attempt.as_logged()], "$slice": -LOGGED_ATTEMPTS}}}
    state = {"locked_until": now, **next_state(delivery, attempt, now=now)}
    outcome = {**logged, "$set": state, "$inc": {"tries": 1}}
    if Delivery.documents.update_one({**leased, "round": delivery.round}, outcome).matched_count:
        return
    # The delivery was requeued during the attempt: it stays due, whatever the outcome of this attempt.
    if not Delivery.documents.update_one(leased, {**logged, "$set": {"locked_until": now}}).matched_count:
        log.warning("webhook_lease_lost", delivery=delivery.id, status=attempt.status)


def requeue(*, webhook_id: str, delivery_id: str, now: datetime) -> bool:
    """Make a delivery due now, whatever its status; return False if there is none."""
    due_again = {"$set": {"status": PENDING, "due_at": now, "tries": 0}, "$inc": {"round": 1}}
    found = Delivery.documents.update_one({"_id": delivery_id, "webhook": webhook_id}, due_again)
    return bool(found.matched_count)


def delete_deliveries_of(webhook_id: str) -> None:
    Delivery.documents.delete_many({"webhook": webhook_id})
