"""Changing the fields of an event."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import cast

from accounts.actors import Actor
from config.core.errors import Conflict, Invalid
from events.documents import EventUpdates
from events.field_values import EDITABLE
from events.journal_entries import event_updated
from events.models import Event
from events.versioned_change import change_event

CENT = Decimal("0.01")


class EventClosed(Conflict):
    code = "event_closed"
    detail = "A cancelled or past event cannot be changed."


def update_event(
    *, event_id: str, by: Actor, changes: Mapping[str, object], now: datetime, versions: frozenset[int] | None = None
) -> Event:
    """Change the editable ones among ``changes``; available seats follow a change of the total.

    Args:
        versions: refuse the change if the event is at none of these (If-Match).

    Raises:
        NotFound: not the actor's.  EventClosed: cancelled or past.  SeatsTaken: fewer seats than are sold or held.
        PreconditionFailed: at no version of ``versions``.  Invalid: the end is not after the start, or the
            date of a published event is past.
    """

    def plan(event: Event) -> EventUpdates:
        if event.status == Event.Status.CANCELLED or (event.status == Event.Status.PUBLISHED and event.is_past(now)):
            raise EventClosed
        return plan_changes(event, changes, now=now)

    return change_event(event_id=event_id, by=by, now=now, plan=plan, build_entry=event_updated, versions=versions)


def plan_changes(event: Event, changes: Mapping[str, object], *, now: datetime) -> EventUpdates:
    """Return the fields that really change, with the search keys that follow from them."""
    changed = {name: value for name, value in changes.items() if name in EDITABLE and getattr(event, name) != value}
    updates = cast("EventUpdates", changed)
    if not updates:
        return {}
    if "price" in updates:
        updates["price"] = to_cents(updates["price"])
    starts_at = updates.get("starts_at", event.starts_at)
    refuse_end_before_start(starts_at, updates.get("ends_at", event.ends_at))
    if "starts_at" in updates and event.status == Event.Status.PUBLISHED and starts_at <= now:
        raise Invalid("date", "A published event must lie in the future.", code="date_in_past")
    after = Event(**{name: updates.get(name, getattr(event, name)) for name in EDITABLE})
    return {**updates, **after.search_keys()}


def to_cents(price: Decimal) -> Decimal:
    """Return a price with two places; adding zero turns -0 into 0."""
    return Decimal(price).quantize(CENT) + 0


def refuse_end_before_start(starts_at: datetime, ends_at: datetime | None) -> None:
    if ends_at is not None and ends_at <= starts_at:
        raise Invalid("endDate", "The end must come after the start.", code="end_before_start")
