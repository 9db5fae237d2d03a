"""What puts an event in the queue, and what does not."""

import pytest

from accounts.models import User
from config.core.clock import now
from events import editing, versioned_change
from events.models import Event
from journal.models import Entry
from tests.events.moderation.conftest import decide, hide, queue_of, report
from tests.support import factories

URL = "/api/events"


def test_a_draft_is_its_organizers_own(draft: Event):
    assert (draft.queue, draft.queued_at) == ([], None)


def test_publishing_puts_it_in_the_queue(event: Event):
    assert event.queue == ["new"]
    assert event.queued_at == event.published_at


@pytest.mark.parametrize(
    "change",
    [{"title": "x"}, {"description": "x"}, {"date": "2027-06-01T18:00:00Z"}, {"venue": "x"}, {"city": "x"},
     {"price": "26.00"}, {"category": "x"}, {"tags": ["x"]}, {"endDate": "2198-05-02T18:00:00Z"},
     {"timezone": "Europe/Berlin"}],
)  # fmt: skip
def test_a_change_of_what_the_public_sees_does(approved: Event, as_organizer, change: dict[str, object]):
    as_organizer.patch(f"{URL}/{approved.id}", change)

    assert queue_of(approved) == ["changed"]


def test_a_change_that_changes_nothing_does_not(approved: Event, as_organizer):
    as_organizer.patch(f"{URL}/{approved.id}", {"title": approved.title})

    assert queue_of(approved) == []


def test_a_change_before_anyone_looked_is_part_of_the_new(event: Event, as_organizer):
    as_organizer.patch(f"{URL}/{event.id}", {"title": "Blues Night"})

    assert queue_of(event) == ["new"]


def rename(event: Event, by: User, title: str) -> Event:
    return editing.update_event(event_id=event.id, by=by.as_actor(), changes={"title": title}, now=now())


def test_what_staff_change_they_know(approved: Event, staff: User):
    after = rename(approved, staff, "Blues Night")

    assert (after.title, after.queue) == ("Blues Night", [])


def test_an_event_keeps_its_place_whatever_comes_up(event: Event, customer: User, as_organizer):
    report(event, customer)

    after = factories.reload(event)
    assert (after.queue, after.queued_at) == (["new", "reported"], event.queued_at)


def test_with_the_change_or_not_at_all(approved: Event, as_organizer, monkeypatch):
    """The journal fails; then neither the change nor its place in the queue may stand."""

    def fails(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(versioned_change, "append", fails)

    as_organizer.patch(f"{URL}/{approved.id}", {"title": "Blues Night"})

    after = factories.reload(approved)
    assert (after.title, after.queue) == ("Jazz Night", [])


def test_a_cancelled_event_leaves_it(event: Event, as_organizer):
    as_organizer.post(f"{URL}/{event.id}/cancel")

    after = factories.reload(event)
    assert (after.queue, after.queued_at) == ([], None)


def test_an_organizer_cannot_cancel_reports_away(event: Event, customer: User, as_organizer):
    report(event, customer)

    as_organizer.post(f"{URL}/{event.id}/cancel")

    assert queue_of(event) == ["reported"]


def test_booking_leaves_the_queue_alone(approved: Event, customer: User):
    factories.make_booking(approved, customer)

    assert queue_of(approved) == []


def test_a_report_that_comes_in_during_a_change_is_kept(approved: Event, customer: User, organizer: User, monkeypatch):
    """The change read the event before the report was there."""
    real, reported = versioned_change.compare_and_set, []

    def report_first(event: Event, *args: object, **options: object) -> bool:
        if not reported:
            reported.append(report(approved, customer))
        return real(event, *args, **options)

    monkeypatch.setattr(versioned_change, "compare_and_set", report_first)
    rename(approved, organizer, "Blues Night")

    after = factories.reload(approved)
    assert (after.title, sorted(after.queue), after.reports) == ("Blues Night", ["changed", "reported"], 1)


def test_the_journal_of_a_change_says_who_made_it(approved: Event, staff: User, organizer: User):
    rename(approved, staff, "Blues Night")
    rename(approved, organizer, "Jazz Night")

    entries = Entry.objects.filter(type="event.updated").order_by("at", "id")
    assert [entry.data["byStaff"] for entry in entries] == [True, False]


def test_hiding_and_approving_again_and_again(event: Event, staff: User, as_organizer):
    hide(event, staff)
    as_organizer.patch(f"{URL}/{event.id}", {"title": "Blues Night"})
    changed = queue_of(event)
    decide("restore", event, staff)

    assert (changed, queue_of(event)) == (["changed"], [])
