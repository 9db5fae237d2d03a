"""Organizers appeal against the hiding of their events."""

from datetime import datetime
from functools import partial

from accounts.actors import Actor
from config.core.errors import Conflict, NotFound
from events import versioned_change
from events.documents import EventUpdates
from events.journal_entries import event_appealed
from events.models import Event
from events.moderation.decisions import NotHidden
from events.moderation.queueing_rules import enqueue
from events.moderation.reasons import Cause


class AlreadyAppealed(Conflict):
    code = "already_appealed"
    detail = "Your appeal is with us already: you hear from us once it is decided."


def appeal(*, event_id: str, by: Actor, text: str, now: datetime) -> Event:
    """Store the appeal and put the event in the queue.

    Raises:
        NotFound: not the actor's own event.  NotHidden.  AlreadyAppealed: one open appeal at a time.
    """

    def plan(event: Event) -> EventUpdates:
        if not event.is_owned_by(by):
            raise NotFound
        if not event.hidden:
            raise NotHidden
        if Cause.APPEALED in event.queue:
            raise AlreadyAppealed
        return {"appeal": text, **enqueue(event, [Cause.APPEALED], now=now)}

    return versioned_change.change_event(
        event_id=event_id,
        by=by,
        now=now,
        plan=plan,
        build_entry=partial(event_appealed, text=text),
    )
