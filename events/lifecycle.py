"""The states of an event: DRAFT -> PUBLISHED -> CANCELLED."""

from datetime import datetime
from functools import partial
from typing import Unpack

from accounts.actors import Actor
from config.core.errors import Conflict
from config.mongo.collections import running_session
from config.mongo.transactions import run_in_transaction
from events.documents import EventFields, EventUpdates
from events.editing import refuse_end_before_start, to_cents
from events.journal_entries import (
    Decision,
    event_cancelled,
    event_created,
    event_deleted,
    event_published,
)
from events.models import Event
from events.versioned_change import change_event
from journal.append import append


class InvalidTransition(Conflict):
    code = "invalid_transition"


class NotADraft(Conflict):
    code = "not_a_draft"
    detail = "Only a draft can be deleted: cancel a published event instead."


def create_event(*, by: Actor, now: datetime, **fields: Unpack[EventFields]) -> Event:
    """Create a draft with all its seats available."""
    refuse_end_before_start(fields["starts_at"], fields.get("ends_at"))
    fields["price"] = to_cents(fields["price"])
    event = Event(organizer_id=by.id, available_seats=fields["total_seats"], created_at=now, updated_at=now, **fields)

    def work() -> None:
        event._state.adding = True  # a repeated attempt inserts again
        event.save(force_insert=True)
        append(event_created(event, by=by, at=now))

    run_in_transaction(work)
    return event


def publish_event(*, event_id: str, by: Actor, now: datetime) -> Event:
    """DRAFT -> PUBLISHED, for an event still to come."""

    def plan(event: Event) -> EventUpdates:
        if event.status != Event.Status.DRAFT:
            raise InvalidTransition(
                f"Only a draft can be published; this event is {event.status}.", currentStatus=event.status
            )
        if event.is_past(now):
            raise InvalidTransition("The event's date is in the past: change it first.", currentStatus=event.status)
        return {"status": Event.Status.PUBLISHED, "published_at": now}

    return change_event(event_id=event_id, by=by, now=now, plan=plan, build_entry=event_published)


def cancel_event(
    *,
    event_id: str,
    by: Actor,
    now: datetime,
    reason: str = "",
    versions: frozenset[int] | None = None,
    decision: Decision | None = None,
) -> Event:
    """DRAFT or PUBLISHED -> CANCELLED; from then on nothing can be booked.

    Raises:
        NotFound: not the actor's.  InvalidTransition: cancelled already.  PreconditionFailed: at none of ``versions``.
    """

    def plan(event: Event) -> EventUpdates:
        if event.status == Event.Status.CANCELLED:
            raise InvalidTransition("This event is cancelled already.", currentStatus=event.status)
        return {"status": Event.Status.CANCELLED, "cancelled_at": now, "cancel_reason": reason}

    return change_event(
        event_id=event_id,
        by=by,
        now=now,
        plan=plan,
        build_entry=partial(event_cancelled, decision=decision),
        versions=versions,
    )


def delete_event(*, event_id: str, by: Actor, now: datetime) -> None:
    """Delete a draft: it was never on sale, so it has no bookings.

    Raises:
        NotFound: not the actor's.  NotADraft: published or cancelled.
    """
    event = Event.objects.get_manageable(event_id, by)

    def work() -> None:
        draft = {"_id": event_id, "status": Event.Status.DRAFT.value}
        if not Event.documents.delete_one(draft, session=running_session()).deleted_count:
            raise NotADraft(currentStatus=Event.objects.get_manageable(event_id, by).status)
        append(event_deleted(event, by=by, at=now))

    run_in_transaction(work)
