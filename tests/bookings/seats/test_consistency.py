"""manage.py check_seats and reconcile_seats."""

import threading
from io import StringIO

import pytest
from bson.decimal128 import Decimal128
from django.core.management import call_command

from accounts.models import User
from bookings.models import Booking
from bookings.seats import consistency, ledger
from bookings.services import book_seats
from config.core.clock import now
from events.models import Event
from tests.support import factories
from tests.support.seat_ledger import after_the_horizon, assert_seats_add_up, findings


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def check_seats(errors: StringIO | None = None) -> tuple[int, str]:
    """Return the exit code and what was printed."""
    out, err = StringIO(), errors or StringIO()
    try:
        call_command("check_seats", stdout=out, stderr=err)
    except SystemExit as ended:
        return int(str(ended.code)), err.getvalue()
    return 0, out.getvalue()


def test_check_seats_counts_the_checked_events(event: Event, customer: User):
    factories.make_booking(event, customer, qty=3)

    assert check_seats() == (0, "1 events checked: every seat is accounted for.\n")


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"available_seats": 1}, "available + held + sold == total: expected 10, found 11"),
        (
            {"tickets_sold": 1, "available_seats": -1},
            "sold == seats of confirmed bookings and claims: expected 2, found 3",
        ),
        (
            {"revenue": Decimal128("0.01")},
            "revenue == amount of confirmed bookings and claims: expected 50.00, found 50.01",
        ),
        ({"held_seats": -1, "available_seats": 1}, "held == seats of open offers: expected 0, found -1"),
    ],
)
def test_check_seats_names_the_rule_that_does_not_hold(event: Event, customer: User, change: dict[str, int], rule: str):
    factories.make_booking(event, customer, qty=2)
    Event.documents.update_one({"_id": event.id}, {"$inc": change})

    code, printed = check_seats()

    assert code == 1
    assert f"{event.id}: {rule}" in printed


def test_finds_a_booking_that_is_missing(event: Event, customer: User):
    booking = factories.make_booking(event, customer, qty=2)
    Booking.documents.delete_one({"_id": booking["id"]})

    assert [line.split(": ")[1] for line in findings()] == [
        "sold == seats of confirmed bookings and claims",
        "revenue == amount of confirmed bookings and claims",
    ]


def test_a_claim_counts_as_its_bookings(event: Event):
    claim = ledger.new_claim(event_id=event.id, price=event.price, items=[ledger.ClaimItem("BK-SOON0000", 4)])
    ledger.claim_seats(claim, now=now())

    assert findings() == []


def test_finds_a_claim_older_than_the_horizon(event: Event):
    claim = ledger.new_claim(event_id=event.id, price=event.price, items=[ledger.ClaimItem("BK-LATE0000", 4)])
    ledger.claim_seats(claim, now=now())

    (found,) = consistency.check_events(now=after_the_horizon())

    assert [finding.rule for finding in found] == ["no claim older than the horizon"]


def test_finds_nothing_while_customers_book(organizer: User, customer: User):
    event = factories.make_published_event(organizer, total_seats=100_000)
    stop = threading.Event()

    def go_on() -> None:
        while not stop.is_set():
            book_seats(event_id=event.id, customer=customer.as_actor(), qty=1, now=now())

    threads = [threading.Thread(target=go_on) for _ in range(4)]
    for thread in threads:
        thread.start()
    found = [finding for _ in range(25) for finding in consistency.check_events(now=now())]
    stop.set()
    for thread in threads:
        thread.join(20)

    assert found == [[]] * 25
    assert_seats_add_up(event)


def test_shows_progress_on_a_terminal_only(event: Event, monkeypatch: pytest.MonkeyPatch):
    terminal, file = Terminal(), StringIO()

    monkeypatch.setattr("sys.stderr", terminal)
    check_seats()
    monkeypatch.setattr("sys.stderr", file)
    check_seats()

    assert "100%" in terminal.getvalue()
    assert file.getvalue() == ""


def test_reconcile_seats_prints_the_claims_it_ended(event: Event, settings):
    claim = ledger.new_claim(event_id=event.id, price=event.price, items=[ledger.ClaimItem("BK-LATE0000", 4)])
    ledger.claim_seats(claim, now=after_the_horizon() - 3 * settings.CLAIM_HORIZON)
    out = StringIO()

    call_command("reconcile_seats", stdout=out)

    assert out.getvalue().splitlines() == [
        f"{event.id} claim {claim.id}: 0 bookings kept, 1 given back",
        "1 stale claims ended.",
    ]
    assert_seats_add_up(event, sold=0)


def test_reconcile_seats_a_second_time_finds_nothing():
    out = StringIO()

    call_command("reconcile_seats", stdout=out)

    assert out.getvalue() == "0 stale claims ended.\n"
