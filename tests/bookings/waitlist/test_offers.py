"""Which waitlist entries are offered the seats that become free."""

import pytest
from django.conf import settings

from accounts.models import User
from bookings.cancellation import cancel_booking
from bookings.models import Booking
from config.core.clock import iso, now
from events.models import Event
from tests.conftest import client_of
from tests.support import factories
from tests.support.bad_input import is_problem
from tests.support.seat_ledger import assert_seats_add_up
from tests.support.waitlists import add_seats, join, sizes_and_states

URL = "/api/waitlist"


def test_seats_of_a_cancelled_booking_are_offered(full: Event, buyer: User, customer: User, as_customer):
    join(full, customer, 3)
    (booking,) = client_of(buyer).get("/api/bookings").json()["results"]

    client_of(buyer).delete(f"/api/bookings/{booking['id']}")

    offer = as_customer.get(f"{URL}/position/{full.id}").json()
    assert (offer["status"], offer["position"]) == ("OFFERED", None)
    after = factories.reload(full)
    assert (after.held_seats, after.available_seats, after.waitlist_length) == (3, 1, 0)
    assert_seats_add_up(full)


@pytest.mark.parametrize(
    "closed", [{"hidden": True}, {"status": "CANCELLED"}, {"starts_at": now()}], ids=["hidden", "cancelled", "begun"]
)
def test_seats_of_events_that_are_not_on_sale_are_not_offered(full: Event, customer: User, staff: User, closed):
    join(full, customer)
    Event.objects.filter(pk=full.pk).update(**closed)

    cancel_booking(booking_id=Booking.objects.get().pk, by=staff.as_actor(), now=now())

    assert (sizes_and_states(), factories.reload(full).available_seats) == ([(1, "WAITING")], 4)


def test_held_seats_cannot_be_booked_by_others(full: Event, customer: User, as_other_customer):
    join(full, customer, 2)
    add_seats(full, 6)

    response = as_other_customer.post("/api/bookings", {"eventId": full.id, "qty": 1})

    assert is_problem(response, 409, "sold_out")
    assert response.json()["availableSeats"] == 0


def test_an_offer_expires_after_the_configured_time(full: Event, customer: User, as_customer):
    before = now()
    join(full, customer)
    add_seats(full, 5)

    expires_at = as_customer.get(f"{URL}/position/{full.id}").json()["offerExpiresAt"]

    assert iso(before + settings.WAITLIST_OFFER) <= expires_at <= iso(now() + settings.WAITLIST_OFFER)


def test_the_first_entry_that_fits_gets_the_offer(full: Event):
    for guest, qty in zip(factories.make_customers(5), (3, 2, 1, 2, 1), strict=True):
        join(full, guest, qty)

    add_seats(full, 4 + 4)

    assert sizes_and_states() == [(3, "OFFERED"), (2, "WAITING"), (1, "OFFERED"), (2, "WAITING"), (1, "WAITING")]
    assert_seats_add_up(full)


def test_an_entry_that_was_passed_over_keeps_its_place(full: Event):
    large, small, next_one = factories.make_customers(3)
    join(full, large, 3)
    join(full, small, 1)
    join(full, next_one, 2)
    add_seats(full, 4 + 2)  # the small one fits, the large one does not; then 1 seat is left

    add_seats(full, 4 + 2 + 2)

    assert sizes_and_states() == [(3, "OFFERED"), (1, "OFFERED"), (2, "WAITING")]
    assert_seats_add_up(full)


def test_seats_that_no_entry_fits_into_can_be_booked(full: Event, customer: User, as_other_customer):
    join(full, customer, 3)
    add_seats(full, 5)

    assert as_other_customer.post("/api/bookings", {"eventId": full.id, "qty": 1}).status_code == 201
    assert_seats_add_up(full)


def test_declined_seats_are_offered_to_the_next_entry(full: Event, as_customer, customer: User, other_customer: User):
    join(full, customer)
    join(full, other_customer)
    add_seats(full, 5)

    assert as_customer.delete(f"{URL}/{full.id}").status_code == 204

    assert sizes_and_states() == [(1, "LEFT"), (1, "OFFERED")]
    assert_seats_add_up(full)


def test_total_seats_cannot_go_below_held_and_sold_seats(full: Event, customer: User, as_organizer):
    join(full, customer, 2)
    add_seats(full, 6)

    response = as_organizer.patch(f"/api/events/{full.id}", {"totalSeats": 5})

    assert is_problem(response, 409, "seats_taken")
    assert (response.json()["sold"], response.json()["held"]) == (4, 2)


def test_one_change_makes_50_offers_in_order(full: Event):
    guests = factories.make_customers(60)
    for guest in guests:
        join(full, guest)

    add_seats(full, 4 + 50)

    assert [status for _, status in sizes_and_states()] == ["OFFERED"] * 50 + ["WAITING"] * 10
    assert factories.reload(full).waitlist_length == 10
    assert_seats_add_up(full)
