"""Telling everyone who booked: one journal entry for each of them, so that each is told once.

The id of a notice follows from the job and the customer; a chunk that is repeated after a crash writes nothing new.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bookings.models import EventJob
from journal.services import draft, record_all

EVENT_UPDATED, EVENT_CANCELLED = "notice.event_updated", "notice.event_cancelled"
NEWS = {"title", "description", "starts_at", "ends_at", "timezone", "city", "venue", "price"}
TYPES = {EventJob.Kind.ANNOUNCE: EVENT_UPDATED, EventJob.Kind.CANCEL: EVENT_CANCELLED}


def news(changes: dict[str, Any]) -> dict[str, Any]:
    """Return the changes that those who booked are told of: not seats, tags and category."""
    return {name: values for name, values in changes.items() if name in NEWS}


def tell(job: EventJob, customers: Iterable[str], *, now: datetime) -> None:
    """Write the notices of a job for these customers; who has one already gets no second."""
    if drafts := [notice(job, customer_id, now=now) for customer_id in sorted(set(customers))]:
        record_all(drafts)


def notice(job: EventJob, customer_id: str, *, now: datetime) -> dict[str, Any]:
    """Return a notice. It says what the job was asked to tell, not what the event has become since."""
    told = job.data
    data = {
        "customerId": customer_id,
        "eventId": job.event_id,
        "eventTitle": told["title"],
        "eventDate": told["date"],
        "organizerId": told["organizerId"],
        "changes": news(told.get("changes", {})),
        "reason": told.get("reason", ""),
        "byStaff": told.get("byStaff", False),
    }
    kind = TYPES[EventJob.Kind(job.kind)]
    return draft(id=f"notice:{job.id}:{customer_id}", type=kind, subject=customer_id, actor="", at=now, data=data)
