"""The fields of an event that its organizer can change: what people call them, and how they are kept elsewhere."""

from datetime import datetime

from config.core.clock import iso
from events.models import Event

LABELS = {
    "title": "Title", "description": "Description", "starts_at": "Date", "ends_at": "End", "timezone": "Time zone",
    "city": "City", "venue": "Venue", "category": "Category", "tags": "Tags", "price": "Price", "total_seats": "Seats",
}  # fmt: skip
EDITABLE = tuple(LABELS)
MOMENTS = {"starts_at", "ends_at"}
LONGEST_KEPT = 300  # characters of an old or new value


def snapshot(event: Event) -> dict[str, object]:
    """Return what the public sees of an event, whole."""
    return {name: as_json(getattr(event, name)) for name in EDITABLE}


def plain(value: object) -> object:
    """Return a value as JSON and BSON both hold it, a long text by its beginning."""
    kept = as_json(value)
    return kept[:LONGEST_KEPT] + "…" if isinstance(kept, str) and len(kept) > LONGEST_KEPT else kept


def as_json(value: object) -> object:
    """The same, whole."""
    if isinstance(value, datetime):
        return iso(value)
    return value if isinstance(value, int | bool | list | str | None) else str(value)
