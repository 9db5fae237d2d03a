"""The option "Hide their events too" on the page that blocks a user."""

from datetime import datetime

from accounts.actors import Actor
from accounts.admin.block_pages import BlockOption
from accounts.models import User
from config.core.errors import PreconditionFailed, Refusal
from events.models import Event
from events.moderation.decisions import ReviewedVersion, hide_event
from events.moderation.reasons import MAX_TEXT, DecisionReason

BATCH_SIZE, ATTEMPTS = 500, 3


def hide_events_of(user: User, by: Actor, reason: str, now: datetime) -> str:
    """Hide the blocked organizer's events on the public list; return a sentence with the outcome."""
    listed = Event.objects.listed().filter(organizer=user.pk).order_by("-starts_at")
    ids = list(listed.values_list("pk", flat=True)[: BATCH_SIZE + 1])
    failed = [event_id for event_id in ids[:BATCH_SIZE] if not hide_one(event_id, by=by, reason=reason, now=now)]
    outcome = f"{len(ids[:BATCH_SIZE]) - len(failed)} events are hidden."
    more = " There are more: block once more to hide the next." if len(ids) > BATCH_SIZE else ""
    return outcome + (f" Not hidden: {', '.join(failed)}." if failed else "") + more


def hide_one(event_id: str, *, by: Actor, reason: str, now: datetime) -> bool:
    """Hide an event as it is now; try again if it changed in between. Return whether it is hidden."""
    text = f"The organizer's account is blocked: {reason}"[:MAX_TEXT]
    for _ in range(ATTEMPTS):
        try:
            reviewed = ReviewedVersion.of(Event.objects.get_manageable(event_id, by))
            hide_event(event_id=event_id, by=by, now=now, reviewed=reviewed, reason=DecisionReason.OTHER, text=text)
        except PreconditionFailed:
            continue
        except Refusal:
            return False
        return True
    return False


HIDE = BlockOption(
    name="hide_events",
    label="Hide their events too",
    help_text="Off the public list and off sale at once; tickets stay valid.",
    permission="events.moderate_event",
    do=hide_events_of,
)
