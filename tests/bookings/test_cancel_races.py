"""Cancelling against booking: seats come back once, and to those who wait before anyone else."""

import pytest

from accounts.models import User
from bookings.cancellation import cancel_booking
from bookings.models import Booking
from bookings.seats import transactions
from bookings.waitlist import joining
from config.core.clock import now
from events.models import Event
from tests.support import factories
from tests.support.processes import run_all
from tests.support.seat_ledger import assert_seats_add_up, findings


@pytest.fixture
def full(organizer: User) -> Event:
    """200 seats, each booked by somebody else."""
    event = factories.make_published_event(organizer, total_seats=200)
    for number in range(200):
        guest = factories.make_user(f"Guest {number}", role="CUSTOMER")
        factories.make_booking(event, guest)
    return event


@pytest.mark.processes
def test_200_cancellations_against_200_bookings_end_with_every_seat_accounted_for(full: Event):
    jobs = [("cancel_own", full.id, 0, 2, 16), ("cancel_own", full.id, 1, 2, 16), *[("book", full.id, 16, 100)] * 2]

    first, second, *booked = run_all(*jobs)

    sold = len([one for outcomes in booked for one in outcomes if "id" in one])
    assert first + second == 200
    assert Booking.objects.filter(status="CANCELLED").count() == 200
    assert_seats_add_up(full, sold=sold)


@pytest.mark.processes
def test_newcomers_get_none_of_the_seats_that_the_line_waits_for(full: Event):
    """60 wait for one seat each while about 50 come back and 100 newcomers try: they go to the line."""
    for number in range(60):
        guest = factories.make_user(f"Waiting {number}", role="CUSTOMER")
        joining.join_waitlist(event_id=full.id, customer=guest.as_actor(), qty=1, now=now())

    outcomes, cancelled = run_all(("book", full.id, 16, 100), ("cancel_own", full.id, 0, 4, 8))

    assert 0 < cancelled < 60 * 2
    assert len([one for one in outcomes if "id" in one]) <= max(0, cancelled - 60)
    after = factories.reload(full)
    assert (after.held_seats, after.waitlist_length) == (min(cancelled, 60), max(0, 60 - cancelled))
    assert_seats_add_up(full)


def test_without_offers_in_the_same_turn_a_newcomer_is_quicker(
    event: Event, customer: User, other_customer: User, stranger: User, monkeypatch: pytest.MonkeyPatch
):
    """The negative control: what offering inside the transaction guards against does happen without it."""
    booking = factories.make_booking(event, customer, qty=10)
    joining.join_waitlist(event_id=event.id, customer=other_customer.as_actor(), qty=2, now=now())
    monkeypatch.setattr(transactions, "offer_free_seats", lambda turn: None)  # noqa: ARG005 - its shape

    cancel_booking(booking_id=booking["id"], by=customer.as_actor(), now=now())

    assert findings() == [f"{event.id}: no entry waits for seats that are free: expected [], found [2]"]
    assert factories.make_booking(event, stranger, qty=10)["status"] == "CONFIRMED"
