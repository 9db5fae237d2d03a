"""Decisions about an event that changed since it was reviewed."""

import pytest

from accounts.models import User
from config.core.errors import PreconditionFailed
from events.models import Event
from journal.models import Entry
from tests.support import factories
from tests.support.bad_input import is_problem
from tests.support.moderation import WHY, decide, hide, queue_of, report, review
from tests.support.threads import at_once


@pytest.mark.parametrize(
    ("name", "words"), [("approve", {}), ("hide", WHY), ("cancel", WHY), ("feature", {}), ("note", {"text": "x"})]
)
def test_the_second_of_two_moderators_is_refused(event: Event, staff: User, name: str, words: dict[str, str]):
    reviewed = review(event)
    decide("note", event, staff, text="I was first.")

    with pytest.raises(PreconditionFailed):
        decide(name, event, staff, reviewed=reviewed, **words)

    assert Entry.objects.filter(subject=event.id).order_by("-at").first().type == "event.noted"


def test_of_six_moderators_at_once_one_decides(event: Event, staff: User):
    reviewed = review(event)

    def approve() -> str:
        try:
            decide("approve", event, staff, reviewed=reviewed)
        except PreconditionFailed:
            return "refused"
        return "approved"

    assert sorted(at_once([approve] * 6)) == ["approved"] + ["refused"] * 5
    assert Entry.objects.filter(type="event.approved").count() == 1


def test_approving_after_a_change_by_the_organizer_is_refused(event: Event, staff: User, as_organizer):
    reviewed = review(event)
    as_organizer.patch(f"/api/events/{event.id}", {"title": "Something else"})

    with pytest.raises(PreconditionFailed):
        decide("approve", event, staff, reviewed=reviewed)

    assert (factories.reload(event).approved, queue_of(event)) == (None, ["new"])


def test_an_organizers_edit_after_a_decision_gets_412(event: Event, staff: User, as_organizer):
    etag = as_organizer.get(f"/api/events/{event.id}")["ETag"]
    hide(event, staff)

    change = as_organizer.patch(f"/api/events/{event.id}", {"title": "Blues Night"}, HTTP_IF_MATCH=etag)

    assert is_problem(change, 412)
    assert (factories.reload(event).title, factories.reload(event).hidden) == ("Jazz Night", True)


def test_a_report_after_the_review_keeps_the_event_queued(event: Event, staff: User, customer: User):
    reviewed = review(event)
    report(event, customer)

    decide("approve", event, staff, reviewed=reviewed)

    after = factories.reload(event)
    assert (after.queue, after.approved_by) == (["reported"], staff.id)
    assert after.queued_at is not None
