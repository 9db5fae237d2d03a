"""What a change of an event does to the moderation queue: asked by events/versioned_change.py with each change."""

from collections.abc import Iterable
from copy import copy
from datetime import datetime

from accounts.actors import Actor
from events.documents import EventUpdates
from events.editable_fields import EDITABLE
from events.models import Event
from events.moderation import rules
from events.moderation.reasons import Cause

LOOKED_AT = {*EDITABLE} - {"total_seats"}  # seats come and go; the rules still judge how many there are


def queue_updates(event: Event, updates: EventUpdates, *, by: Actor, now: datetime) -> EventUpdates:
    """Return what else is to be written to the event. Staff know what they did, so that queues nothing."""
    status = updates.get("status", event.status)
    if "status" in updates and status == Event.Status.CANCELLED:
        return after_cancelling(event, by=by)
    if by.is_staff or status != Event.Status.PUBLISHED or not updates.keys() & {"status", *EDITABLE}:
        return {}
    flags = rules.flags_of(with_updates(event, updates))
    return {"flags": flags, **enqueue(event, causes(event, updates, flags), now=now)}


def after_cancelling(event: Event, *, by: Actor) -> EventUpdates:
    """Nothing is left to decide, unless it was reported and its organizer would have it forgotten."""
    keep = Cause.REPORTED in event.queue and not by.is_staff
    return {"queue": [Cause.REPORTED.value], "queued_at": event.queued_at} if keep else leave()


def causes(event: Event, updates: EventUpdates, flags: list[str]) -> list[Cause]:
    found = {
        Cause.NEW: "status" in updates,
        Cause.CHANGED: "status" not in updates and bool(updates.keys() & LOOKED_AT) and Cause.NEW not in event.queue,
        Cause.FLAGGED: bool(set(flags) - set(event.flags)),
    }
    return [cause for cause, holds in found.items() if holds]


def enqueue(event: Event, reasons: Iterable[Cause], *, now: datetime) -> EventUpdates:
    """Return the update that adds causes; an event keeps the place that it has in the queue."""
    added = [cause.value for cause in reasons if cause.value not in event.queue]
    return {"queue": [*event.queue, *added], "queued_at": event.queued_at or now} if added else {}


def leave() -> EventUpdates:
    return {"queue": [], "queued_at": None}


def with_updates(event: Event, updates: EventUpdates) -> Event:
    changed = copy(event)
    for name, value in updates.items():
        setattr(changed, name, value)
    return changed
