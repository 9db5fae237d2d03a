"""The decisions by name, as pages and their forms call them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from accounts.actors import Actor
from events.models import Event
from events.moderation import decisions
from events.moderation.decisions import ReviewedVersion


@dataclass(frozen=True, slots=True)
class Action:
    """A decision: what is said once it is done, and whether it needs a reason; ``stays``: there is more to decide."""

    done: str
    service: Callable[..., Event]
    takes_reason: bool = False
    stays: bool = False


ACTIONS = {
    "approve": Action("approved", decisions.approve_event),
    "hide": Action("hidden; its organizer is told why", decisions.hide_event, takes_reason=True),
    "restore": Action("back on the list; its organizer is told", decisions.restore_event),
    "cancel": Action("cancelled; everyone who booked is told", decisions.cancel_event, takes_reason=True),
    "feature": Action("featured", decisions.feature_event, stays=True),
    "unfeature": Action("no longer featured", decisions.unfeature_event, stays=True),
    "note": Action("noted", decisions.note_event, stays=True),
}
IN_BULK = ("approve", "hide")


def perform(
    name: str, *, event_id: str, by: Actor, now: datetime, seen: ReviewedVersion, reason: str = "", text: str = ""
) -> str:
    """Decide, and return the sentence that says what was done. Raises what the decision's service raises."""
    action = ACTIONS[name]
    why = {"reason": reason} if action.takes_reason else {}
    event = action.service(event_id=event_id, by=by, now=now, seen=seen, text=text, **why)
    return f"{event.title}: {action.done}."
