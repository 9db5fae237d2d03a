"""Which changes put an event in the queue, and which do not."""

import pytest

from accounts.models import User
from config.core.clock import now
from events import editing, versioned_change
from events.models import Event
from journal.models import Entry
from tests.support import factories
from tests.support.moderation import decide, hide, queue_of, report

URL = "/api/events"


def test_a_draft_is_not_queued(draft: Event):
    assert (draft.queue, draft.queued_at) == ([], None)


def test_publishing_queues_the_event(event: Event):
    assert event.queue == ["new"]
    assert event.queued_at == event.published_at


@pytest.mark.parametrize(
    "change",
    [{"title": "x"}, {"description": "x"}, {"date": "2027-06-01T18:00:00Z"}, {"venue": "x"}, {"city": "x"},
     {"price": "26.00"}, {"category": "x"}, {"tags": ["x"]}, {"endDate": "2198-05-02T18:00:00Z"},
     {"timezone": "Europe/Berlin"}],
)  # fmt: skip
def test_a_change_of_a_public_field_queues_the_event(approved: Event, as_organizer, change: dict[str, object]):
    as_organizer.patch(f"{URL}/{approved.id}", change)

    assert queue_of(approved) == ["changed"]


def test_an_update_with_the_same_values_queues_nothing(approved: Event, as_organizer):
    as_organizer.patch(f"{URL}/{approved.id}", {"title": approved.title})

    assert queue_of(approved) == []


def test_a_change_of_a_new_event_adds_no_cause(event: Event, as_organizer):
    as_organizer.patch(f"{URL}/{event.id}", {"title": "Blues Night"})

    assert queue_of(event) == ["new"]


def rename(event: Event, by: User, title: str) -> Event:
    return editing.update_event(event_id=event.id, by=by.as_actor(), changes={"title": title}, now=now())


def test_a_change_by_staff_queues_nothing(approved: Event, staff: User):
    after = rename(approved, staff, "Blues Night")

    assert (after.title, after.queue) == ("Blues Night", [])


def test_a_report_of_a_queued_event_keeps_its_place(event: Event, customer: User, as_organizer):
    report(event, customer)

    after = factories.reload(event)
    assert (after.queue, after.queued_at) == (["new", "reported"], event.queued_at)


def test_a_change_whose_entry_fails_queues_nothing(approved: Event, as_organizer, monkeypatch):
    """Change, queue and journal entry are written together or not at all."""

    def fails(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(versioned_change, "append", fails)

    as_organizer.patch(f"{URL}/{approved.id}", {"title": "Blues Night"})

    after = factories.reload(approved)
    assert (after.title, after.queue) == ("Jazz Night", [])


def test_a_cancelled_event_leaves_the_queue(event: Event, as_organizer):
    as_organizer.post(f"{URL}/{event.id}/cancel")

    after = factories.reload(event)
    assert (after.queue, after.queued_at) == ([], None)


def test_a_reported_event_stays_queued_after_its_cancellation(event: Event, customer: User, as_organizer):
    report(event, customer)

    as_organizer.post(f"{URL}/{event.id}/cancel")

    assert queue_of(event) == ["reported"]


def test_a_booking_queues_nothing(approved: Event, customer: User):
    factories.make_booking(approved, customer)

    assert queue_of(approved) == []


def test_a_report_during_a_change_is_kept(approved: Event, customer: User, organizer: User, monkeypatch):
    """The report is written between the read and the write of the change."""
    real, reported = versioned_change.compare_and_set, []

    def report_first(event: Event, *args: object, **options: object) -> bool:
        if not reported:
            reported.append(report(approved, customer))
        return real(event, *args, **options)

    monkeypatch.setattr(versioned_change, "compare_and_set", report_first)
    rename(approved, organizer, "Blues Night")

    after = factories.reload(approved)
    assert (after.title, sorted(after.queue), after.reports) == ("Blues Night", ["changed", "reported"], 1)


def test_the_entry_of_a_change_says_whether_staff_made_it(approved: Event, staff: User, organizer: User):
    rename(approved, staff, "Blues Night")
    rename(approved, organizer, "Jazz Night")

    entries = Entry.objects.filter(type="event.updated").order_by("at", "id")
    assert [entry.data["byStaff"] for entry in entries] == [True, False]


def test_a_changed_hidden_event_is_queued_until_it_is_restored(event: Event, staff: User, as_organizer):
    hide(event, staff)
    as_organizer.patch(f"{URL}/{event.id}", {"title": "Blues Night"})
    changed = queue_of(event)
    decide("restore", event, staff)

    assert (changed, queue_of(event)) == (["changed"], [])
