"""manage.py rebuild_rollups: the roll-ups agree with the bookings, or are repaired."""

import pytest
from bson.decimal128 import Decimal128
from django.core.management import CommandError

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
from tests.support.rebuilding import falsify, run_rebuild


@pytest.fixture
def sold(event: Event, customer: User) -> Event:
    """An event with a confirmed and a cancelled booking, both in the roll-ups."""
    book(event, customer, day="2026-03-01", qty=2)
    cancel(book(event, customer, day="2026-03-02"), day="2026-03-04")
    deliver()
    return event


def test_checking_correct_figures_reports_agreement(sold: Event):
    assert run_rebuild("--check") == (0, "3 scopes checked: every figure agrees with the bookings.\n", "")


def test_checking_an_empty_database_reports_agreement():
    assert run_rebuild("--check") == (0, "1 scopes checked: every figure agrees with the bookings.\n", "")


def test_checking_names_each_differing_figure_and_exits_with_1(sold: Event):
    falsify(f"{sold.pk}:2026-03-01", tickets=1, revenue=Decimal128("0.01"))

    code, _, errors = run_rebuild("--check")

    assert code == 1
    assert f"{sold.pk} 2026-03-01: tickets: expected 2, found 3; revenue: expected 50.00, found 50.01" in errors


def test_checking_repairs_nothing(sold: Event):
    falsify("platform:all", bookings=5)

    run_rebuild("--check")

    assert findings() == ["platform all: bookings: expected 1, found 6"]


@pytest.mark.parametrize("counter", ["bookings", "tickets", "cancellations"])
@pytest.mark.parametrize("key", ["platform:all", "platform:2026-03-01", "{organizer}:2026-03-04", "{event}:2026-03-01"])
def test_a_wrong_figure_is_repaired(sold: Event, key: str, counter: str):
    falsify(key.format(organizer=sold.organizer_id, event=sold.pk), **{counter: -3})

    code, out, _ = run_rebuild()

    assert (code, out) == (0, "3 scopes checked: 1 figures repaired.\n")
    assert findings() == []


def test_deleted_figures_are_rebuilt_from_the_bookings(sold: Event, organizer: User):
    before = [figures(scope) for scope in ("platform", organizer.pk, sold.pk)]
    DailySales.documents.delete_many({})

    run_rebuild()

    without_zeros = [{day: row for day, row in days.items() if day != "2026-03-02"} for days in before]
    assert [figures(scope) for scope in ("platform", organizer.pk, sold.pk)] == without_zeros


def test_of_very_many_differences_the_first_are_shown(sold: Event, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rebuild_rollups, "SHOWN", 2)
    DailySales.documents.delete_many({})

    code, _, errors = run_rebuild("--check")

    assert (code, len(errors.splitlines()), errors.splitlines()[2]) == (1, 4, "... and 7 more")


def test_an_expired_snapshot_names_the_parameter_to_raise(sold: Event):
    gone = failing("aggregate", times=1, errorCode=rebuild_rollups.SNAPSHOT_TOO_OLD)

    with gone, pytest.raises(CommandError, match="minSnapshotHistoryWindowInSeconds"):
        run_rebuild()


def test_a_figure_of_an_unknown_scope_is_set_to_zero(sold: Event):
    stray = {"_id": "EVT-GONE0000:all", "scope": "EVT-GONE0000", "day": "all", "bookings": 7, "repairs": 0}
    DailySales.documents.insert_one(stray)

    _, _, errors = run_rebuild()

    assert "EVT-GONE0000 all: bookings: expected 0, found 7" in errors
    assert (figures("EVT-GONE0000")["all"], findings()) == ((0, 0, "0.00", 0), [])


def test_undelivered_entries_are_not_reported_as_missing(sold: Event, customer: User):
    booking = book(sold, customer, day="2026-03-01")
    waiting = (findings(), run_rebuild("--check")[0])
    cancel(booking, day="2026-03-03")
    both_waiting = findings()
    run_rebuild()

    deliver()

    assert (waiting, both_waiting, findings()) == (([], 0), [], [])


def test_a_cancellation_delivered_before_its_booking_is_correct(event: Event, customer: User):
    booking = book(event, customer, day="2026-03-01")
    cancel(booking, day="2026-03-02")
    rollups.count_once(list(Entry.objects.filter(type="booking.cancelled")))

    assert findings() == []


def test_a_claimed_booking_without_entry_is_not_reported(event: Event, customer: User):
    claim = ledger.new_claim(event_id=event.pk, price=event.price, items=[ledger.ClaimItem("BK-SOON0000", 1)])
    ledger.claim_seats(claim, now=now())
    booking = book(event, customer, day="2026-03-01")
    Entry.objects.all().delete()
    Booking.documents.delete_one({"_id": booking["_id"]})

    Booking.documents.insert_one({**booking, "_id": "BK-SOON0000"})

    assert findings() == []


def test_a_booking_without_claim_or_entry_is_counted(event: Event, customer: User):
    book(event, customer, day="2026-03-01")
    Entry.objects.all().delete()

    run_rebuild()

    assert figures("platform") == {"2026-03-01": (1, 1, "25.00", 0), "all": (1, 1, "25.00", 0)}


def test_a_tombstone_is_not_counted(sold: Event):
    claim = ledger.new_claim(event_id=sold.pk, price=sold.price, items=[ledger.ClaimItem("BK-VOID0000", 1)])
    ledger.claim_seats(claim, now=now())
    end_claim(claim, now=now())

    assert findings() == []


def test_of_two_repairs_of_one_finding_the_second_is_refused(sold: Event):
    falsify("platform:all", bookings=5)
    (found,) = [found for found in rollup_repair.check_rollups() if found]

    rollup_repair.repair(found)
    with pytest.raises(rollup_repair.RepairedElsewhere):
        rollup_repair.repair(found)

    assert findings() == []


def test_a_repair_with_a_lost_commit_reply_is_applied_once(sold: Event):
    falsify("platform:all", bookings=5)

    with failing("commitTransaction", times=2, closeConnection=True):
        run_rebuild()

    assert findings() == []


def test_a_delivery_between_check_and_repair_is_kept(sold: Event, customer: User):
    book(sold, customer, day="2026-03-01", qty=3)
    falsify(f"{sold.pk}:2026-03-01", tickets=4)
    found = list(rollup_repair.check_rollups())

    deliver()
    for one in found:
        rollup_repair.repair(one)

    assert (figures(sold.pk)["2026-03-01"], findings()) == ((2, 5, "125.00", 0), [])
