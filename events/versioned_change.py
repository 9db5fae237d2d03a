"""What can be done with events. API, admin and commands come through here.

Every change is one conditional update on the event's ``version``, in a transaction with its journal entry.
Bookings move the counters beside it without touching ``version``.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.db.models import F

from accounts.actors import Actor
from config.core.errors import NotFound, PreconditionFailed, Unavailable
from config.mongo.transactions import run_in_transaction
from events.cache import forget_lists
from events.documents import EventUpdates
from events.journal_entries import (
    BuildEntry,
    EventChange,
)
from events.models import Event
from events.moderation import queue
from events.seat_limits import refuse_taken_seats
from journal.append import append
from journal.documents import EntryDocument

ATTEMPTS = 20
Plan = Callable[[Event], EventUpdates]  # decides what to write to the event as it was read; nothing: leave it

after_change: list[Callable[[str, datetime], None]] = []  # called with id and now, inside each change's transaction


def change_event(
    *,
    event_id: str,
    by: Actor,
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
        updates = {**updates, **queue.queue_updates(event, updates, by=by, now=now)}
        planned = EventChange(event, updates, by=by, at=now)
        if run_in_transaction(partial(compare_and_set, planned, build_entry(planned))):
            forget_lists()
            return find_manageable(event_id, by=by)
    raise Unavailable


def find_manageable(event_id: str, *, by: Actor) -> Event:
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
