"""Cancelling while others book: seats come back once, and are offered to the waitlist first."""

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
    """200 seats, each booked by another customer."""
    event = factories.make_published_event(organizer, total_seats=200)
    for number in range(200):
        guest = factories.make_user(f"Guest {number}", role="CUSTOMER")
        factories.make_booking(event, guest)
    return event


@pytest.mark.processes
def test_200_cancellations_against_200_bookings_lose_no_seat(full: Event):
    jobs = [("cancel_own", full.id, 0, 2, 16), ("cancel_own", full.id, 1, 2, 16), *[("book", full.id, 16, 100)] * 2]

    first, second, *booked = run_all(*jobs)

    sold = len([one for outcomes in booked for one in outcomes if "id" in one])
    assert first + second == 200
    assert Booking.objects.filter(status="CANCELLED").count() == 200
    assert_seats_add_up(full, sold=sold)


@pytest.mark.processes
def test_seats_that_entries_wait_for_cannot_be_booked_by_others(full: Event):
    """60 entries wait for one seat each; about 50 seats come back while 200 others try to book."""
    for number in range(60):
        guest = factories.make_user(f"Waiting {number}", role="CUSTOMER")
        joining.join_waitlist(event_id=full.id, customer=guest.as_actor(), qty=1, now=now())

    outcomes, cancelled = run_all(("book", full.id, 16, 100), ("cancel_own", full.id, 0, 4, 8))

    assert 0 < cancelled < 60 * 2
    assert len([one for one in outcomes if "id" in one]) <= max(0, cancelled - 60)
    after = factories.reload(full)
    assert (after.held_seats, after.waitlist_length) == (min(cancelled, 60), max(0, 60 - cancelled))
    assert_seats_add_up(full)


def test_without_offers_in_the_transaction_others_can_book_first(
    event: Event, customer: User, other_customer: User, stranger: User, monkeypatch: pytest.MonkeyPatch
):
    """The negative control: what offering inside the transaction guards against does happen without it."""
    booking = factories.make_booking(event, customer, qty=10)
    joining.join_waitlist(event_id=event.id, customer=other_customer.as_actor(), qty=2, now=now())
    monkeypatch.setattr(transactions, "offer_free_seats", lambda event: None)  # noqa: ARG005 - its shape

    cancel_booking(booking_id=booking["id"], by=customer.as_actor(), now=now())

    assert findings() == [f"{event.id}: no entry waits for seats that are free: expected [], found [2]"]
    assert factories.make_booking(event, stranger, qty=10)["status"] == "CONFIRMED"
