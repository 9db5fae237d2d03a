"""The decisions by the name that forms post, with the sentence that pages show afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from accounts.actors import Actor
from events.models import Event
from events.moderation import decisions
from events.moderation.decisions import ReviewedVersion


@dataclass(frozen=True, slots=True)
class Action:
    """``result`` is shown after the event's title; ``stays_open``: the moderator stays on the event's page."""

    result: str
    service: Callable[..., Event]
    takes_reason: bool = False
    stays_open: bool = False


ACTIONS = {
    "approve": Action("approved", decisions.approve_event),
    "hide": Action("hidden; its organizer is notified with the reason", decisions.hide_event, takes_reason=True),
    "restore": Action("back on the list; its organizer is notified", decisions.restore_event),
    "cancel": Action("cancelled; everyone who booked is notified", decisions.cancel_event, takes_reason=True),
    "feature": Action("featured", decisions.feature_event, stays_open=True),
    "unfeature": Action("no longer featured", decisions.unfeature_event, stays_open=True),
    "note": Action("noted", decisions.note_event, stays_open=True),
}
BULK_ACTIONS = ("approve", "hide")


def perform(
    name: str, *, event_id: str, by: Actor, now: datetime, reviewed: ReviewedVersion, reason: str = "", text: str = ""
) -> str:
    """Decide, and return the sentence for the moderator. Raises what the decision's service raises."""
    action = ACTIONS[name]
    reasons = {"reason": reason} if action.takes_reason else {}
    event = action.service(event_id=event_id, by=by, now=now, reviewed=reviewed, text=text, **reasons)
    return f"{event.title}: {action.result}."
