"""The fields that an organizer can change: their labels, and their values as JSON."""

from datetime import datetime

from config.core.clock import iso
from events.models import Event

LABELS = {
    "title": "Title", "description": "Description", "starts_at": "Date", "ends_at": "End", "timezone": "Time zone",
    "city": "City", "venue": "Venue", "category": "Category", "tags": "Tags", "price": "Price", "total_seats": "Seats",
}  # fmt: skip
EDITABLE = tuple(LABELS)
MOMENTS = {"starts_at", "ends_at"}
LONGEST_KEPT = 300  # characters of an old or new value in the journal


def snapshot(event: Event) -> dict[str, object]:
    return {name: as_json(getattr(event, name)) for name in EDITABLE}


def as_json(value: object) -> object:
    if isinstance(value, datetime):
        return iso(value)
    return value if isinstance(value, int | bool | list | str | None) else str(value)


def as_short_json(value: object) -> object:
    """Return a value as JSON; of a long text only the beginning."""
    kept = as_json(value)
    return kept[:LONGEST_KEPT] + "…" if isinstance(kept, str) and len(kept) > LONGEST_KEPT else kept
