"""What can be done with events. API, admin and commands come through here.

Every change is one conditional update on the event's ``version``, in a transaction with its journal entry.
Bookings move the counters beside it without touching ``version``.
"""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F

from accounts.callers import Caller
from config.clock import iso
from config.errors import Conflict, Invalid, NotFound, PreconditionFailed, Unavailable
from config.mongo.raw import collection, running_session
from config.mongo.transactions import run_in_transaction
from events.cache import forget_lists
from events.models import Event
from journal.services import record

ATTEMPTS = 20
EDITABLE = (
    "title", "description", "starts_at", "ends_at", "timezone", "city", "venue", "category", "tags", "price",
    "total_seats",
)  # fmt: skip
LONGEST_KEPT = 300  # characters of an old or new value in the journal
CENT = Decimal("0.01")


after_change: list[Callable[[str, datetime], None]] = []  # called with id and now, inside each change's transaction


class InvalidTransition(Conflict):
    code = "invalid_transition"


class SeatsTaken(Conflict):
    code = "seats_taken"
    detail = "More seats than that are sold or held already."


class NotADraft(Conflict):
    code = "not_a_draft"
    detail = "Only a draft can be deleted: cancel a published event instead."


class EventClosed(Conflict):
    code = "event_closed"
    detail = "A cancelled or past event cannot be changed."


def create_event(*, by: Caller, now: datetime, **fields: Any) -> Event:
    """Create a draft with all its seats available."""
    refuse_end_before_start(fields["starts_at"], fields.get("ends_at"))
    fields["price"] = in_cents(fields["price"])
    event = Event(organizer_id=by.id, available_seats=fields["total_seats"], created_at=now, updated_at=now, **fields)

    def work() -> None:
        event._state.adding = True  # a repeated attempt inserts again
        event.save(force_insert=True)
        record(type="event.created", subject=event.id, actor=by.id, at=now, data=summary(event))

    run_in_transaction(work)
    return event


def update_event(
    *, event_id: str, by: Caller, changes: dict[str, Any], now: datetime, versions: frozenset[int] | None = None
) -> Event:
    """Change some fields of an event; seats move by the difference, never below what is sold or held.

    Args:
        versions: refuse when the event is at none of these any more (If-Match).

    Raises:
        NotFound: not the caller's.  EventClosed: cancelled or past.  SeatsTaken: too few seats left for those sold.
        PreconditionFailed: at no version of ``versions``.  Invalid: the dates do not fit each other.
    """

    def plan(event: Event) -> dict[str, Any]:
        if event.status == Event.Status.CANCELLED or (event.status == Event.Status.PUBLISHED and event.is_past(now)):
            raise EventClosed
        return plan_changes(event, changes, now=now)

    return change(event_id=event_id, by=by, now=now, plan=plan, entry="event.updated", versions=versions)


def publish_event(*, event_id: str, by: Caller, now: datetime) -> Event:
    """DRAFT -> PUBLISHED, for an event still to come."""

    def plan(event: Event) -> dict[str, Any]:
        if event.status != Event.Status.DRAFT:
            raise InvalidTransition(
                f"Only a draft can be published; this event is {event.status}.", currentStatus=event.status
            )
        if event.is_past(now):
            raise InvalidTransition("The event's date is in the past: change it first.", currentStatus=event.status)
        return {"status": Event.Status.PUBLISHED, "published_at": now}

    return change(event_id=event_id, by=by, now=now, plan=plan, entry="event.published")


def cancel_event(*, event_id: str, by: Caller, now: datetime, reason: str = "") -> Event:
    """DRAFT or PUBLISHED -> CANCELLED; from this moment nothing can be booked."""

    def plan(event: Event) -> dict[str, Any]:
        if event.status == Event.Status.CANCELLED:
            raise InvalidTransition("This event is cancelled already.", currentStatus=event.status)
        return {"status": Event.Status.CANCELLED, "cancelled_at": now, "cancel_reason": reason}

    return change(event_id=event_id, by=by, now=now, plan=plan, entry="event.cancelled")


def delete_event(*, event_id: str, by: Caller, now: datetime) -> None:
    """Delete a draft. It never was on sale, so nobody can have booked it.

    Raises:
        NotFound: not the caller's.  NotADraft: published or cancelled.
    """
    event = find_manageable(event_id, by=by)

    def work() -> None:
        draft = {"_id": event_id, "status": Event.Status.DRAFT.value}
        if not collection(Event).delete_one(draft, session=running_session()).deleted_count:
            raise NotADraft(currentStatus=find_manageable(event_id, by=by).status)
        record(type="event.deleted", subject=event_id, actor=by.id, at=now, data=summary(event))

    run_in_transaction(work)


def change(
    *,
    event_id: str,
    by: Caller,
    now: datetime,
    plan: Callable[[Event], dict[str, Any]],
    entry: str,
    versions: frozenset[int] | None = None,
) -> Event:
    """Read, plan, compare and set; again when someone else changed the event in between."""
    for _ in range(ATTEMPTS):
        event = find_manageable(event_id, by=by)
        if versions is not None and event.version not in versions:
            raise PreconditionFailed
        updates = plan(event)
        if not updates:
            return event
        if run_in_transaction(lambda: compare_and_set(event, updates, by=by, now=now, entry=entry)):  # noqa: B023 - called at once
            forget_lists()
            return find_manageable(event_id, by=by)
    raise Unavailable


def find_manageable(event_id: str, *, by: Caller) -> Event:
    """Return the event if the caller owns it or is staff; to anyone else it does not exist."""
    event: Event | None = Event.objects.with_organizer().filter(pk=event_id).first()
    if event is None or not (event.is_owned_by(by) or by.is_staff):
        raise NotFound
    return event


def compare_and_set(event: Event, updates: dict[str, Any], *, by: Caller, now: datetime, entry: str) -> bool:
    """Write ``updates`` if the event still has its version; with them go the seats and the journal entry."""
    added = updates.get("total_seats", event.total_seats) - event.total_seats
    values = {**updates, "version": F("version") + 1, "updated_at": now}
    if added:
        values["available_seats"] = F("available_seats") + added
    unchanged = Event.objects.filter(pk=event.pk, version=event.version, available_seats__gte=-added)
    if not unchanged.update(**values):
        refuse_taken_seats(event.pk, added)
        return False
    before = {name: getattr(event, name) for name in updates if name in EDITABLE}
    record(type=entry, subject=event.pk, actor=by.id, at=now, data=change_data(event, updates, before))
    for hook in after_change:
        hook(event.pk, now)
    return True


def refuse_taken_seats(event_id: str, added: int) -> None:
    """Tell seats that are taken from an event that merely changed, or went, meanwhile."""
    current = Event.objects.filter(pk=event_id).first()
    if current is not None and added < 0 and current.available_seats + added < 0:
        raise SeatsTaken(sold=current.tickets_sold, held=current.held_seats, availableSeats=current.available_seats)


def plan_changes(event: Event, changes: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    """Return the fields that really change, with the search keys that follow from them."""
    updates = {name: value for name, value in changes.items() if name in EDITABLE and getattr(event, name) != value}
    if not updates:
        return {}
    if "price" in updates:
        updates["price"] = in_cents(updates["price"])
    starts_at = updates.get("starts_at", event.starts_at)
    refuse_end_before_start(starts_at, updates.get("ends_at", event.ends_at))
    if "starts_at" in updates and event.status == Event.Status.PUBLISHED and starts_at <= now:
        raise Invalid("date", "A published event must lie in the future.", code="date_in_past")
    changed = Event(**{name: updates.get(name, getattr(event, name)) for name in EDITABLE})
    return {**updates, **changed.search_keys()}


def in_cents(price: Decimal | str) -> Decimal:
    """Return a price with two places, as every answer shows it; adding zero turns -0 into 0."""
    return Decimal(price).quantize(CENT) + 0


def refuse_end_before_start(starts_at: datetime, ends_at: datetime | None) -> None:
    if ends_at is not None and ends_at <= starts_at:
        raise Invalid("endDate", "The end must come after the start.", code="end_before_start")


def change_data(event: Event, updates: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """Return what the journal keeps of a change: the event as it was named, and old and new values."""
    changes = {name: {"old": plain(before[name]), "new": plain(updates[name])} for name in before}
    data = {**summary(event), "changes": changes}
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


def plain(value: Any) -> Any:
    """Return a value as JSON and BSON both hold it, a long text by its beginning."""
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, str) and len(value) > LONGEST_KEPT:
        return value[:LONGEST_KEPT] + "…"
    return value if isinstance(value, int | bool | list | str | None) else str(value)
