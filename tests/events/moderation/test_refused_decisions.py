"""Decisions that every service refuses: about drafts and unknown events, and by anyone but staff."""

import pytest

from accounts.models import User
from config.core.errors import Forbidden, NotFound
from events.models import Event
from events.moderation import decisions
from events.moderation.decisions import ReviewedVersion
from tests.support import factories
from tests.support.moderation import WHY, decide


@pytest.mark.parametrize("name", ["approve", "hide"])
def test_a_decision_about_a_draft_is_refused(draft: Event, staff: User, name: str):
    with pytest.raises(decisions.NeverPublished):
        decide(name, draft, staff, **(WHY if name == "hide" else {}))


@pytest.mark.parametrize(
    ("name", "words"),
    [("approve", {}), ("hide", WHY), ("restore", {}), ("cancel", WHY), ("feature", {}), ("unfeature", {}),
     ("note", {"text": "x"})],
)  # fmt: skip
def test_organizers_cannot_decide_about_events(
    event: Event, organizer: User, stranger: User, staff: User, name: str, words: dict[str, str]
):
    for nobody in (organizer, stranger):
        with pytest.raises(Forbidden):
            decide(name, event, nobody, **words)
    assert factories.reload(event).version == event.version


def test_deciding_about_an_unknown_event_is_refused(staff: User):
    with pytest.raises(NotFound):
        decide("approve", Event(id="EVT-00000000"), staff, reviewed=ReviewedVersion(version=1, reports=0))
