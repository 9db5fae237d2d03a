"""The one way to change an event, whoever asks: API, admin or command.

A change is one conditional update on the event's ``version``, in a transaction with its journal entry.
Bookings change the counters of the same document without touching ``version``.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.db.models import F

from accounts.actors import Actor
from config.core.errors import PreconditionFailed, Unavailable
from config.mongo.transactions import run_in_transaction
from events.documents import EventUpdates
from events.journal_entries import BuildEntry, EventChange
from events.models import Event
from events.moderation.queueing_rules import queue_updates
from events.response_cache import forget_lists
from events.seat_limits import refuse_taken_seats
from journal.append import append
from journal.documents import EntryDocument

ATTEMPTS = 20
Plan = Callable[[Event], EventUpdates]  # returns what to write to the event as it was read; {} leaves it as it is

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
    """Read, plan, compare and set; again when someone else changed the event in between.

    Raises:
        NotFound: not the actor's.  PreconditionFailed: at none of ``versions``.  Unavailable: changed at each attempt.
        Whatever ``plan`` raises.
    """
    events = Event.objects.with_organizer()
    for _ in range(ATTEMPTS):
        event = events.get_manageable(event_id, by)
        if versions is not None and event.version not in versions:
            raise PreconditionFailed
        updates = plan(event)
        if not updates:
            return event
        updates = {**updates, **queue_updates(event, updates, by=by, now=now)}
        planned = EventChange(event, updates, by=by, at=now)
        if run_in_transaction(partial(compare_and_set, planned, build_entry(planned))):
            forget_lists()
            return events.get_manageable(event_id, by)
    raise Unavailable


def compare_and_set(planned: EventChange, entry: EntryDocument) -> bool:
    """Write a change, its seats and its journal entry if the event still has its version; return whether it had.

    The condition names ``reports`` too: a report leaves the version alone, so that customers cannot make an
    organizer's edit fail, but it moves the queue, which this change writes.
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
