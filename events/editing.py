"""Changing the fields of an event."""

from datetime import datetime
from decimal import Decimal

from accounts.actors import Actor
from config.core.errors import Conflict, Invalid
from events.documents import EventUpdates
from events.editable_fields import EDITABLE
from events.journal_entries import (
    event_updated,
)
from events.models import Event
from events.versioned_change import change_event

CENT = Decimal("0.01")


class EventClosed(Conflict):
    code = "event_closed"
    detail = "A cancelled or past event cannot be changed."


def update_event(
    *, event_id: str, by: Actor, changes: EventUpdates, now: datetime, versions: frozenset[int] | None = None
) -> Event:
    """Change some fields of an event; seats move by the difference, never below what is sold or held.

    Args:
        versions: refuse when the event is at none of these any more (If-Match).

    Raises:
        NotFound: not the caller's.  EventClosed: cancelled or past.  SeatsTaken: too few seats left for those sold.
        PreconditionFailed: at no version of ``versions``.  Invalid: the dates do not fit each other.
    """

    def plan(event: Event) -> EventUpdates:
        if event.status == Event.Status.CANCELLED or (event.status == Event.Status.PUBLISHED and event.is_past(now)):
            raise EventClosed
        return plan_changes(event, changes, now=now)

    return change_event(event_id=event_id, by=by, now=now, plan=plan, build_entry=event_updated, versions=versions)


def plan_changes(event: Event, changes: EventUpdates, *, now: datetime) -> EventUpdates:
    """Return the fields that really change, with the search keys that follow from them."""
    updates = {name: value for name, value in changes.items() if name in EDITABLE and getattr(event, name) != value}
    if not updates:
        return {}
    if "price" in updates:
        updates["price"] = to_cents(updates["price"])
    starts_at = updates.get("starts_at", event.starts_at)
    refuse_end_before_start(starts_at, updates.get("ends_at", event.ends_at))
    if "starts_at" in updates and event.status == Event.Status.PUBLISHED and starts_at <= now:
        raise Invalid("date", "A published event must lie in the future.", code="date_in_past")
    changed = Event(**{name: updates.get(name, getattr(event, name)) for name in EDITABLE})
    return {**updates, **changed.search_keys()}


def to_cents(price: Decimal | str) -> Decimal:
    """Return a price with two places, as every answer shows it; adding zero turns -0 into 0."""
    return Decimal(price).quantize(CENT) + 0


def refuse_end_before_start(starts_at: datetime, ends_at: datetime | None) -> None:
    if ends_at is not None and ends_at <= starts_at:
        raise Invalid("endDate", "The end must come after the start.", code="end_before_start")
