"""POST /api/waitlist/{eventId}/accept."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from accounts.models import User
from bookings.models import WaitlistEntry
from config.core.clock import now
from events.models import Event
from journal.models import Entry
from tests.conftest import client_of
from tests.support.bad_input import is_problem
from tests.support.seat_ledger import assert_seats_add_up
from tests.support.waitlists import add_seats, join

URL = "/api/waitlist"


def test_accepting_returns_the_booking(full: Event, customer: User, as_customer):
    join(full, customer, 2)
    add_seats(full, 6)

    response = as_customer.post(f"{URL}/{full.id}/accept")

    booking = response.json()
    assert (response.status_code, booking["qty"], booking["amount"], booking["status"]) == (
        201,
        2,
        "50.00",
        "CONFIRMED",
    )
    assert booking == as_customer.get(f"/api/bookings/{booking['id']}").json()
    entry = as_customer.get(f"{URL}/position/{full.id}").json()
    assert (entry["status"], entry["bookingId"]) == ("CONVERTED", booking["id"])
    assert Entry.objects.filter(type="booking.created", subject=booking["id"]).count() == 1
    assert_seats_add_up(full, sold=6)


def test_8_requests_at_once_make_one_booking(full: Event, customer: User):
    join(full, customer, 2)
    add_seats(full, 6)

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: client_of(customer).post(f"{URL}/{full.id}/accept"), range(8)))

    assert sorted(answer.status_code for answer in answers) == [201] + [404] * 7
    assert_seats_add_up(full, sold=6)


def test_refuses_without_an_offer(full: Event, customer: User, as_customer):
    join(full, customer)

    assert is_problem(as_customer.post(f"{URL}/{full.id}/accept"), 409, "no_offer")


def test_the_booking_has_the_current_price(full: Event, customer: User, as_customer):
    join(full, customer)
    add_seats(full, 5)
    Event.objects.filter(pk=full.pk).update(price="30.00")

    assert as_customer.post(f"{URL}/{full.id}/accept").json()["amount"] == "30.00"
    assert_seats_add_up(full, sold=5)


def test_refuses_an_expired_offer(full: Event, customer: User, as_customer):
    join(full, customer)
    add_seats(full, 5)
    WaitlistEntry.objects.update(offer_expires_at=now() - timedelta(seconds=1))

    assert is_problem(as_customer.post(f"{URL}/{full.id}/accept"), 409, "offer_expired")
