"""What can be done with events. API, admin and commands come through here.

Every change is one conditional update on the event's ``version``, in a transaction with its journal entry.
Bookings move the counters beside it without touching ``version``.
"""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import F

from accounts.callers import Caller
from config.errors import Conflict, Invalid, NotFound, PreconditionFailed, Unavailable
from config.mongo.raw import running_session
from config.mongo.transactions import run_in_transaction
from events.cache import forget_lists
from events.documents import EventUpdates
from events.editable_fields import EDITABLE
from events.journal_entries import (
    BuildEntry,
    Decision,
    EventChange,
    event_cancelled,
    event_created,
    event_deleted,
    event_published,
    event_updated,
)
from events.models import Event
from events.moderation import queue
from journal.append import append
from journal.documents import EntryDocument

ATTEMPTS = 20
CENT = Decimal("0.01")
Plan = Callable[[Event], EventUpdates]  # decides what to write to the event as it was read; nothing: leave it

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
        append(event_created(event, by=by, at=now))

    run_in_transaction(work)
    return event


def update_event(
    *, event_id: str, by: Caller, changes: EventUpdates, now: datetime, versions: frozenset[int] | None = None
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

    return change(event_id=event_id, by=by, now=now, plan=plan, build_entry=event_updated, versions=versions)


def publish_event(*, event_id: str, by: Caller, now: datetime) -> Event:
    """DRAFT -> PUBLISHED, for an event still to come."""

    def plan(event: Event) -> EventUpdates:
        if event.status != Event.Status.DRAFT:
            raise InvalidTransition(
                f"Only a draft can be published; this event is {event.status}.", currentStatus=event.status
            )
        if event.is_past(now):
            raise InvalidTransition("The event's date is in the past: change it first.", currentStatus=event.status)
        return {"status": Event.Status.PUBLISHED, "published_at": now}

    return change(event_id=event_id, by=by, now=now, plan=plan, build_entry=event_published)


def cancel_event(
    *,
    event_id: str,
    by: Caller,
    now: datetime,
    reason: str = "",
    versions: frozenset[int] | None = None,
    decision: Decision | None = None,
) -> Event:
    """DRAFT or PUBLISHED -> CANCELLED; from this moment nothing can be booked.

    Raises:
        NotFound: not the caller's.  InvalidTransition: cancelled already.  PreconditionFailed: at none of ``versions``.
    """

    def plan(event: Event) -> EventUpdates:
        if event.status == Event.Status.CANCELLED:
            raise InvalidTransition("This event is cancelled already.", currentStatus=event.status)
        return {"status": Event.Status.CANCELLED, "cancelled_at": now, "cancel_reason": reason}

    return change(
        event_id=event_id,
        by=by,
        now=now,
        plan=plan,
        build_entry=partial(event_cancelled, decision=decision),
        versions=versions,
    )


def delete_event(*, event_id: str, by: Caller, now: datetime) -> None:
    """Delete a draft. It never was on sale, so nobody can have booked it.

    Raises:
        NotFound: not the caller's.  NotADraft: published or cancelled.
    """
    event = find_manageable(event_id, by=by)

    def work() -> None:
        draft = {"_id": event_id, "status": Event.Status.DRAFT.value}
        if not Event.documents.delete_one(draft, session=running_session()).deleted_count:
            raise NotADraft(currentStatus=find_manageable(event_id, by=by).status)
        append(event_deleted(event, by=by, at=now))

    run_in_transaction(work)


def change(
    *,
    event_id: str,
    by: Caller,
    now: datetime,
    plan: Plan,
    build_entry: BuildEntry,
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
        updates = {**updates, **queue.consequences(event, updates, by=by, now=now)}
        planned = EventChange(event, updates, by=by, at=now)
        if run_in_transaction(partial(compare_and_set, planned, build_entry(planned))):
            forget_lists()
            return find_manageable(event_id, by=by)
    raise Unavailable


def find_manageable(event_id: str, *, by: Caller) -> Event:
    """Return the event if the caller owns it or is staff; to anyone else it does not exist."""
    event: Event | None = Event.objects.with_organizer().filter(pk=event_id).first()
    if event is None or not (event.is_owned_by(by) or by.is_staff):
        raise NotFound
    return event


def compare_and_set(planned: EventChange, entry: EntryDocument) -> bool:
    """Write a change if the event still has its version; with it go the seats and the journal entry.

    A report leaves the version alone, lest customers stand in the organizer's way; but it moves the queue.
    """
    event = planned.event
    added = planned.updates.get("total_seats", event.total_seats) - event.total_seats
    values = {**planned.updates, "version": F("version") + 1, "updated_at": planned.at}
    if added:
        values["available_seats"] = F("available_seats") + added
    unchanged = Event.objects.filter(
        pk=event.pk, version=event.version, reports=event.reports, available_seats__gte=-added
    )
    if not unchanged.update(**values):
        refuse_taken_seats(event.pk, added)
        return False
    append(entry)
    for hook in after_change:
        hook(event.pk, planned.at)
    return True


def refuse_taken_seats(event_id: str, added: int) -> None:
    """Tell seats that are taken from an event that merely changed, or went, meanwhile."""
    current = Event.objects.filter(pk=event_id).first()
    if current is not None and added < 0 and current.available_seats + added < 0:
        raise SeatsTaken(sold=current.tickets_sold, held=current.held_seats, availableSeats=current.available_seats)


def plan_changes(event: Event, changes: EventUpdates, *, now: datetime) -> EventUpdates:
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
