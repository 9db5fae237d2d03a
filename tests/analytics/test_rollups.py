"""The roll-ups: each booking and each cancellation counts once, whatever happens to its delivery."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from analytics import rollups
from analytics.models import DailySales
from config.core.clock import now
from events.models import Event
from journal.models import Entry
from tests.support import factories
from tests.support.dated_bookings import book, cancel, deliver, figures, findings
from tests.support.mongodb_commands import failing

NONE = (0, 0, "0.00", 0)
LATE = {"code": 64, "errmsg": "waiting for replication timed out"}


def make_due() -> None:
    """Make failed deliveries due for a retry at once."""
    Entry.objects.update(failures={})


def created_entry() -> Entry:
    return Entry.objects.get(type="booking.created")


def test_a_booking_counts_for_platform_organizer_and_event(event: Event, organizer: User, customer: User):
    book(event, customer, day="2026-03-01", qty=2)
    book(event, customer, day="2026-03-02", qty=1)

    assert deliver() == 2

    expected = {"2026-03-01": (1, 2, "50.00", 0), "2026-03-02": (1, 1, "25.00", 0), "all": (2, 3, "75.00", 0)}
    assert [figures(scope) for scope in ("platform", organizer.pk, event.pk)] == [expected] * 3


def test_a_booking_made_through_the_service_counts_today(event: Event, customer: User):
    factories.make_booking(event, customer, qty=2)

    deliver()

    assert figures(event.pk) == {now().date().isoformat(): (1, 2, "50.00", 0), "all": (1, 2, "50.00", 0)}


def test_a_booking_counts_on_its_utc_day(event: Event, customer: User):
    book(event, customer, day="2026-03-01", hour=0)
    book(event, customer, day="2026-03-01", hour=23)

    deliver()

    assert figures("platform")["2026-03-01"] == (2, 2, "50.00", 0)


def test_a_cancelled_booking_moves_to_the_day_of_cancellation(event: Event, customer: User):
    booking = book(event, customer, day="2026-03-01", qty=2)
    book(event, customer, day="2026-03-01", qty=1)
    deliver()

    cancel(booking, day="2026-03-05")
    deliver()

    day, later = (1, 1, "25.00", 0), (0, 0, "0.00", 1)
    assert figures("platform") == {"2026-03-01": day, "2026-03-05": later, "all": (1, 1, "25.00", 1)}


def test_a_cancellation_delivered_before_its_booking_counts_once(event: Event, customer: User):
    booking = book(event, customer, day="2026-03-01", qty=2)
    Entry.objects.filter(type="booking.created").update(pending=[])
    cancel(booking, day="2026-03-05")
    deliver()
    Entry.objects.filter(type="booking.created").update(pending=["rollups"])

    deliver()

    assert figures("platform") == {"2026-03-01": NONE, "2026-03-05": (0, 0, "0.00", 1), "all": (0, 0, "0.00", 1)}


def test_a_booking_and_its_cancellation_in_one_batch_add_up(event: Event, customer: User):
    cancel(book(event, customer, day="2026-03-01", qty=2), day="2026-03-01")

    assert deliver() == 2

    assert figures("platform") == {"2026-03-01": (0, 0, "0.00", 1), "all": (0, 0, "0.00", 1)}


def test_an_entry_delivered_twice_counts_once(event: Event, customer: User):
    book(event, customer, day="2026-03-01")
    entries = list(Entry.objects.all())

    rollups.count_once(entries)
    rollups.count_once(entries)
    deliver()

    assert figures("platform")["all"] == (1, 1, "25.00", 0)


def test_counting_also_marks_the_entry_as_delivered(event: Event, customer: User):
    book(event, customer, day="2026-03-01")

    rollups.count_once(list(Entry.objects.all()))  # and the process dies before the dispatcher's own mark

    entry = created_entry()
    assert ("rollups" in entry.pending, "rollups" in entry.delivered) == (False, True)


def test_a_failed_write_leaves_the_entry_pending(event: Event, customer: User):
    """A failure between the mark and the last increment rolls both back."""
    book(event, customer, day="2026-03-01")
    DailySales.documents.insert_one({"_id": "platform:all", "scope": "platform", "day": "all", "revenue": "much"})

    deliver()

    assert (figures(event.pk), created_entry().pending.count("rollups")) == ({}, 1)


def test_an_entry_counts_once_after_a_failed_write(event: Event, customer: User):
    book(event, customer, day="2026-03-01")
    DailySales.documents.insert_one({"_id": "platform:all", "scope": "platform", "day": "all", "revenue": "much"})
    deliver()
    DailySales.documents.delete_one({"_id": "platform:all"})
    make_due()

    assert (deliver(), figures("platform")["all"]) == (1, (1, 1, "25.00", 0))


@pytest.mark.parametrize(("times", "fault"), [(2, {"closeConnection": True}), (1, {"writeConcernError": LATE})])
def test_an_entry_with_a_lost_commit_reply_counts_once(event: Event, customer: User, times: int, fault: dict[str, Any]):
    book(event, customer, day="2026-03-01")

    with failing("commitTransaction", times=times, **fault):
        deliver()
    deliver()

    assert (figures("platform")["all"], created_entry().failures) == ((1, 1, "25.00", 0), {})


def test_an_entry_counts_once_if_all_commit_replies_are_lost(event: Event, customer: User):
    """The handler fails, but its transaction was committed: the entry is marked, and not delivered again."""
    book(event, customer, day="2026-03-01")
    with failing("commitTransaction", times=4, writeConcernError=LATE):
        deliver()
    make_due()

    deliver()

    assert (figures("platform")["all"], created_entry().failures) == ((1, 1, "25.00", 0), {})


def test_a_failing_entry_does_not_stop_the_others(event: Event, customer: User):
    broken, _ = book(event, customer, day="2026-03-01"), book(event, customer, day="2026-03-01", qty=3)
    Entry.objects.filter(subject=broken["_id"]).update(data={})

    deliver()

    assert figures("platform")["all"] == (1, 3, "75.00", 0)
    assert Entry.objects.get(subject=broken["_id"]).failures["rollups"]["error"].startswith("KeyError")


def test_the_entry_stays_pending_for_other_handlers(event: Event, customer: User):
    book(event, customer, day="2026-03-01")

    deliver()

    assert sorted(created_entry().pending) == ["eventlog", "mail", "notify", "webhooks"]


def test_revenue_is_exact_to_the_cent(organizer: User, customer: User):
    for price in ("0.10", "0.20", "99999999.99"):
        book(factories.make_published_event(organizer, price=price), customer, day="2026-03-01", qty=3)

    deliver()

    assert figures("platform")["all"] == (3, 9, "300000000.87", 0)


def test_overlapping_batches_of_two_workers_count_once(event: Event, customer: User):
    """The lease of the first worker expired during its work, so the second took the same entries."""
    for number in range(30):
        book(event, customer, day=f"2026-03-{number % 9 + 1:02d}")
    entries = list(Entry.objects.all())

    rollups.count_once(entries[:20])
    rollups.count_once(entries[10:])

    assert figures("platform")["all"][0] == 30


def test_saving_a_roll_up_through_the_model_is_refused():
    with pytest.raises(TypeError, match="follow from the journal"):
        DailySales(id="platform:all", scope="platform", day="all").save()


def test_roll_ups_agree_with_the_bookings(event: Event, customer: User):
    start = now() - timedelta(days=3)
    for number in range(20):
        booking = book(event, customer, day=(start + timedelta(days=number % 3)).date().isoformat(), qty=number % 4 + 1)
        if number % 5 == 0:
            cancel(booking, day=now().date().isoformat())
    deliver()

    assert findings() == []
