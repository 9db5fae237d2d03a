"""manage.py rebuild_rollups: the figures by day agree with the bookings, or are made to."""

from io import StringIO

import pytest
from bson.decimal128 import Decimal128
from django.core.management import CommandError, call_command

from accounts.models import User
from analytics import rollup_repair, rollups
from analytics.management.commands import rebuild_rollups
from analytics.models import DailySales
from bookings.checkout.recovery import end_claim
from bookings.models import Booking
from bookings.seats import ledger
from config.core.clock import now
from events.models import Event
from journal.models import Entry
from tests.support.dated_bookings import book, cancel, deliver, figures, findings
from tests.support.mongodb_commands import failing


def run(*options: str) -> tuple[int, str, str]:
    """Return the exit code of rebuild_rollups, its output and its errors."""
    out, err = StringIO(), StringIO()
    try:
        call_command("rebuild_rollups", *options, stdout=out, stderr=err)
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def forge(key: str, **added: object) -> None:
    DailySales.documents.update_one({"_id": key}, {"$inc": added})


@pytest.fixture
def sold(event: Event, customer: User) -> Event:
    """An event with a booking that stands and a cancelled one, both in the roll-ups."""
    book(event, customer, day="2026-03-01", qty=2)
    cancel(book(event, customer, day="2026-03-02"), day="2026-03-04")
    deliver()
    return event


def test_says_that_every_figure_agrees(sold: Event):
    assert run("--check") == (0, "3 scopes checked: every figure agrees with the bookings.\n", "")


def test_an_empty_house_is_right():
    assert run("--check") == (0, "1 scopes checked: every figure agrees with the bookings.\n", "")


def test_names_what_is_off(sold: Event):
    forge(f"{sold.pk}:2026-03-01", tickets=1, revenue=Decimal128("0.01"))

    code, _, errors = run("--check")

    assert code == 1
    assert f"{sold.pk} 2026-03-01: tickets: expected 2, found 3; revenue: expected 50.00, found 50.01" in errors


def test_checking_repairs_nothing(sold: Event):
    forge("house:all", bookings=5)

    run("--check")

    assert findings() == ["house all: bookings: expected 1, found 6"]


@pytest.mark.parametrize("counter", ["bookings", "tickets", "cancellations"])
@pytest.mark.parametrize("key", ["house:all", "house:2026-03-01", "{organizer}:2026-03-04", "{event}:2026-03-01"])
def test_repairs_a_forged_figure(sold: Event, key: str, counter: str):
    forge(key.format(organizer=sold.organizer_id, event=sold.pk), **{counter: -3})

    code, out, _ = run()

    assert (code, out) == (0, "3 scopes checked: 1 figures repaired.\n")
    assert findings() == []


def test_makes_all_figures_from_nothing(sold: Event, organizer: User):
    before = [figures(scope) for scope in ("house", organizer.pk, sold.pk)]
    DailySales.documents.delete_many({})

    run()

    without_zeros = [{day: row for day, row in days.items() if day != "2026-03-02"} for days in before]
    assert [figures(scope) for scope in ("house", organizer.pk, sold.pk)] == without_zeros


def test_of_very_many_faults_it_shows_the_first(sold: Event, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rebuild_rollups, "SHOWN", 2)
    DailySales.documents.delete_many({})

    code, _, errors = run("--check")

    assert (code, len(errors.splitlines()), errors.splitlines()[2]) == (1, 4, "... and 7 more")


def test_says_what_to_do_where_the_moment_is_gone(sold: Event):
    gone = failing("aggregate", times=1, errorCode=rebuild_rollups.SNAPSHOT_TOO_OLD)

    with gone, pytest.raises(CommandError, match="minSnapshotHistoryWindowInSeconds"):
        run()


def test_a_figure_for_nobody_ends_at_zero(sold: Event):
    stray = {"_id": "EVT-GONE0000:all", "scope": "EVT-GONE0000", "day": "all", "bookings": 7, "repairs": 0}
    DailySales.documents.insert_one(stray)

    _, _, errors = run()

    assert "EVT-GONE0000 all: bookings: expected 0, found 7" in errors
    assert (figures("EVT-GONE0000")["all"], findings()) == ((0, 0, "0.00", 0), [])


def test_leaves_to_the_journal_what_is_waiting_there(sold: Event, customer: User):
    booking = book(sold, customer, day="2026-03-01")
    waiting = (findings(), run("--check")[0])
    cancel(booking, day="2026-03-03")
    both_waiting = findings()
    run()

    deliver()

    assert (waiting, both_waiting, findings()) == (([], 0), [], [])


def test_a_cancellation_that_came_before_its_booking_is_right(event: Event, customer: User):
    booking = book(event, customer, day="2026-03-01")
    cancel(booking, day="2026-03-02")
    rollups.count_once(list(Entry.objects.filter(type="booking.cancelled")))

    assert findings() == []


def test_leaves_out_a_booking_whose_entry_the_clerk_has_yet_to_write(event: Event, customer: User):
    claim = ledger.new_claim(event_id=event.pk, price=event.price, items=[ledger.ClaimItem("BK-SOON0000", 1)])
    ledger.claim_seats(claim, now=now())
    booking = book(event, customer, day="2026-03-01")
    Entry.objects.all().delete()
    Booking.documents.delete_one({"_id": booking["_id"]})

    Booking.documents.insert_one({**booking, "_id": "BK-SOON0000"})

    assert findings() == []


def test_counts_a_booking_that_nothing_announces_any_more(event: Event, customer: User):
    book(event, customer, day="2026-03-01")
    Entry.objects.all().delete()

    run()

    assert figures("house") == {"2026-03-01": (1, 1, "25.00", 0), "all": (1, 1, "25.00", 0)}


def test_a_tombstone_is_no_booking(sold: Event):
    claim = ledger.new_claim(event_id=sold.pk, price=sold.price, items=[ledger.ClaimItem("BK-VOID0000", 1)])
    ledger.claim_seats(claim, now=now())
    end_claim(claim, now=now())

    assert findings() == []


def test_of_two_rebuilds_at_once_one_repairs(sold: Event):
    forge("house:all", bookings=5)
    (found,) = [found for found in rollup_repair.check_rollups() if found]

    rollup_repair.repair(found)
    with pytest.raises(rollup_repair.RepairedElsewhere):
        rollup_repair.repair(found)

    assert findings() == []


def test_a_repair_whose_answer_is_lost_repairs_once(sold: Event):
    forge("house:all", bookings=5)

    with failing("commitTransaction", times=2, closeConnection=True):
        run()

    assert findings() == []


def test_a_delivery_between_check_and_repair_is_not_lost(sold: Event, customer: User):
    book(sold, customer, day="2026-03-01", qty=3)
    forge(f"{sold.pk}:2026-03-01", tickets=4)
    found = list(rollup_repair.check_rollups())

    deliver()
    for one in found:
        rollup_repair.repair(one)

    assert (figures(sold.pk)["2026-03-01"], findings()) == ((2, 5, "125.00", 0), [])
