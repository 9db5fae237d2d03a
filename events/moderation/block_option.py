"""Hiding the events of somebody who is blocked, in the same step."""

from datetime import datetime

from accounts.actors import Actor
from accounts.admin.block_pages import BlockOption
from accounts.models import User
from config.core.errors import NotFound, PreconditionFailed, Refusal
from events.models import Event
from events.moderation.decisions import ReviewedVersion, hide_event
from events.moderation.reasons import MAX_TEXT, DecisionReason

AT_ONCE, ATTEMPTS = 500, 3


def hide_events_of(user: User, by: Actor, reason: str, now: datetime) -> str:
    """Hide what a blocked organizer has on the public list, each with its own journal entry; return what was done."""
    listed = Event.objects.listed().filter(organizer=user.pk).order_by("-starts_at")
    ids = list(listed.values_list("pk", flat=True)[: AT_ONCE + 1])
    failed = [event_id for event_id in ids[:AT_ONCE] if not hide_one(event_id, by=by, reason=reason, now=now)]
    said = f"{len(ids[:AT_ONCE]) - len(failed)} events are hidden."
    rest = " There are more: block once more to hide the next." if len(ids) > AT_ONCE else ""
    return said + (f" Not hidden: {', '.join(failed)}." if failed else "") + rest


def hide_one(event_id: str, *, by: Actor, reason: str, now: datetime) -> bool:
    """Hide an event as it is now; again when it changed in between. Return whether that worked."""
    text = f"The organizer's account is blocked: {reason}"[:MAX_TEXT]
    for _ in range(ATTEMPTS):
        try:
            seen = ReviewedVersion.of(read(event_id))
            hide_event(event_id=event_id, by=by, now=now, seen=seen, reason=DecisionReason.OTHER, text=text)
        except PreconditionFailed:
            continue
        except Refusal:
            return False
        return True
    return False


def read(event_id: str) -> Event:
    event: Event | None = Event.objects.filter(pk=event_id).first()
    if event is None:
        raise NotFound
    return event


HIDE = BlockOption(
    name="hide_events",
    label="Hide their events too",
    help_text="Off the public list and off sale at once; tickets stay valid.",
    permission="events.moderate_event",
    do=hide_events_of,
)
