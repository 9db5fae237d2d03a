"""Which changes put an event in the moderation queue, and which take it out.

events/versioned_change.py applies these rules to each change.
"""

from collections.abc import Iterable
from copy import copy
from datetime import datetime

from accounts.actors import Actor
from events.documents import EventUpdates
from events.field_values import EDITABLE
from events.models import Event
from events.moderation.flagging_rules import find_flags
from events.moderation.reasons import Cause

REVIEWED_FIELDS = {*EDITABLE} - {"total_seats"}  # a change of seats alone needs no review, unless a rule flags it


def queue_updates(event: Event, updates: EventUpdates, *, by: Actor, now: datetime) -> EventUpdates:
    """Return the updates of the queue that go with a change. A change by staff queues nothing."""
    status = updates.get("status", event.status)
    if "status" in updates and status == Event.Status.CANCELLED:
        return queue_after_cancelling(event, by=by)
    if by.is_staff or status != Event.Status.PUBLISHED or not updates.keys() & {"status", *EDITABLE}:
        return {}
    flags = find_flags(with_updates(event, updates))
    return {"flags": flags, **enqueue(event, find_causes(event, updates, flags), now=now)}


def queue_after_cancelling(event: Event, *, by: Actor) -> EventUpdates:
    """Take a cancelled event out of the queue, but keep reports: an organizer cannot cancel to get rid of them."""
    keep = Cause.REPORTED in event.queue and not by.is_staff
    return {"queue": [Cause.REPORTED.value], "queued_at": event.queued_at} if keep else dequeue()


def find_causes(event: Event, updates: EventUpdates, flags: list[str]) -> list[Cause]:
    edited = bool(updates.keys() & REVIEWED_FIELDS)
    found = {
        Cause.NEW: "status" in updates,
        Cause.CHANGED: "status" not in updates and edited and Cause.NEW not in event.queue,
        Cause.FLAGGED: bool(set(flags) - set(event.flags)),
    }
    return [cause for cause, holds in found.items() if holds]


def enqueue(event: Event, causes: Iterable[Cause], *, now: datetime) -> EventUpdates:
    """Return the updates that add causes; an event that is queued already keeps its place."""
    added = [cause.value for cause in causes if cause.value not in event.queue]
    return {"queue": [*event.queue, *added], "queued_at": event.queued_at or now} if added else {}


def dequeue() -> EventUpdates:
    return {"queue": [], "queued_at": None}


def with_updates(event: Event, updates: EventUpdates) -> Event:
    changed = copy(event)
    for name, value in updates.items():
        setattr(changed, name, value)
    return changed
