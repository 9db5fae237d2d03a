"""What the journal keeps of events, and what people call the fields that can change."""

from datetime import datetime
from typing import Any

from accounts.callers import Caller
from config.clock import iso
from events.models import Event

LABELS = {
    "title": "Title", "description": "Description", "starts_at": "Date", "ends_at": "End", "timezone": "Time zone",
    "city": "City", "venue": "Venue", "category": "Category", "tags": "Tags", "price": "Price", "total_seats": "Seats",
}  # fmt: skip
EDITABLE = tuple(LABELS)
MOMENTS = {"starts_at", "ends_at"}
LONGEST_KEPT = 300  # characters of an old or new value


def change_data(event: Event, updates: dict[str, Any], *, by: Caller) -> dict[str, Any]:
    """Return what the journal keeps of a change: the event as it was named, and old and new values."""
    edited = [name for name in updates if name in EDITABLE]
    changes = {name: {"old": plain(getattr(event, name)), "new": plain(updates[name])} for name in edited}
    data = {**summary(event), "changes": changes, "byStaff": not event.is_owned_by(by)}
    return {**data, "reason": updates["cancel_reason"]} if "cancel_reason" in updates else data


def summary(event: Event) -> dict[str, Any]:
    return {
        "id": event.pk,
        "title": event.title,
        "organizerId": event.organizer_id,
        "date": iso(event.starts_at),
        "timezone": event.timezone,
        "city": event.city,
        "venue": event.venue,
        "status": event.status,
    }


def snapshot(event: Event) -> dict[str, Any]:
    """Return what the public sees of an event, whole."""
    return {name: as_json(getattr(event, name)) for name in EDITABLE}


def plain(value: Any) -> Any:
    """Return a value as JSON and BSON both hold it, a long text by its beginning."""
    kept = as_json(value)
    return kept[:LONGEST_KEPT] + "…" if isinstance(kept, str) and len(kept) > LONGEST_KEPT else kept


def as_json(value: Any) -> Any:
    """The same, whole."""
    if isinstance(value, datetime):
        return iso(value)
    return value if isinstance(value, int | bool | list | str | None) else str(value)
