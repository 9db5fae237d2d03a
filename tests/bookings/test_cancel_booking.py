"""DELETE /api/bookings/{id} and POST /api/bookings/{id}/cancel."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import Mock

import pytest
from django.conf import settings

from accounts.models import User
from bookings import cancellation
from bookings.models import Booking
from config.core.clock import now
from events.models import Event
from journal.append import build_entry
from journal.models import Entry
from tests.conftest import client_of
from tests.support import factories
from tests.support.bad_input import is_problem
from tests.support.seat_ledger import assert_seats_add_up, findings

URL = "/api/bookings"
Booked = dict[str, Any]


@pytest.fixture
def booking(event: Event, customer: User) -> Booked:
    """Three seats for 75.00."""
    return factories.make_booking(event, customer, qty=3)


def move_to(event: Event, **distance: float) -> None:
    Event.objects.filter(pk=event.pk).update(starts_at=now() + timedelta(**distance))


@pytest.mark.parametrize("call", [("delete", ""), ("post", "/cancel")])
def test_returns_the_cancelled_booking(booking: Booked, as_customer, call: tuple[str, str]):
    method, path = call

    response = getattr(as_customer, method)(f"{URL}/{booking['id']}{path}")

    assert (response.status_code, response.json()["status"]) == (200, "CANCELLED")
    assert response.json() == as_customer.get(f"{URL}/{booking['id']}").json()
    assert response.json()["cancelledAt"]


def test_seats_tickets_and_revenue_go_back(event: Event, booking: Booked, as_customer):
    as_customer.delete(f"{URL}/{booking['id']}")

    after = factories.reload(event)
    assert (after.available_seats, after.tickets_sold, after.revenue) == (10, 0, Decimal(0))
    assert_seats_add_up(event, sold=0)


def test_a_second_cancellation_is_refused(event: Event, booking: Booked, as_customer):
    as_customer.delete(f"{URL}/{booking['id']}")

    assert is_problem(as_customer.delete(f"{URL}/{booking['id']}"), 409, "already_cancelled")
    assert_seats_add_up(event, sold=0)


def test_the_amount_of_the_booking_goes_back_after_a_price_change(event: Event, booking: Booked, as_customer):
    Event.objects.filter(pk=event.pk).update(price="99.00")

    as_customer.delete(f"{URL}/{booking['id']}")

    assert factories.reload(event).revenue == 0


def test_8_requests_at_once_cancel_once(event: Event, booking: Booked, customer: User):
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: client_of(customer).delete(f"{URL}/{booking['id']}"), range(8)))

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"already_cancelled"}
    assert_seats_add_up(event, sold=0)


def test_without_the_check_of_the_booking_seats_come_back_twice(
    event: Event, booking: Booked, as_customer, monkeypatch
):
    """The negative control: what the check in the transaction guards against does happen without it."""
    monkeypatch.setattr(cancellation, "refuse", Mock())

    as_customer.delete(f"{URL}/{booking['id']}")
    another = build_entry("test", subject=event.id, actor="", at=now(), data={})  # the first one's id is taken
    monkeypatch.setattr(cancellation, "booking_cancelled", Mock(return_value=another))
    as_customer.delete(f"{URL}/{booking['id']}")

    assert f"{event.id}: sold == seats of confirmed bookings and claims: expected 0, found -3" in findings()


def test_refuses_inside_the_cutoff(event: Event, booking: Booked, as_customer):
    move_to(event, hours=settings.CANCEL_CUTOFF.total_seconds() / 3600, seconds=-5)

    response = as_customer.delete(f"{URL}/{booking['id']}")

    assert is_problem(response, 409, "cutoff_passed")
    assert response.json()["cutoffHours"] == 24


def test_succeeds_before_the_cutoff(event: Event, booking: Booked, as_customer):
    move_to(event, hours=settings.CANCEL_CUTOFF.total_seconds() / 3600, seconds=30)

    assert as_customer.delete(f"{URL}/{booking['id']}").status_code == 200


def test_without_a_cutoff_bookings_of_the_past_can_be_cancelled(event: Event, booking: Booked, as_customer, settings):
    settings.CANCEL_CUTOFF = timedelta(0)
    move_to(event, hours=-1)

    assert as_customer.delete(f"{URL}/{booking['id']}").status_code == 200


def test_a_booking_that_is_checked_in_cannot_be_cancelled(booking: Booked, as_customer):
    Booking.objects.filter(pk=booking["id"]).update(checked_in_at=now())

    assert is_problem(as_customer.delete(f"{URL}/{booking['id']}"), 409, "already_checked_in")


def test_the_cutoff_does_not_bind_staff(event: Event, booking: Booked, as_staff):
    move_to(event, minutes=5)

    assert as_staff.delete(f"{URL}/{booking['id']}").status_code == 200
    assert Entry.objects.get(type="booking.cancelled").data["reason"] == "staff"


def test_the_organizer_may_not_cancel(booking: Booked, as_organizer):
    assert is_problem(as_organizer.delete(f"{URL}/{booking['id']}"), 403, "forbidden")


def test_to_strangers_the_booking_does_not_exist(booking: Booked, as_stranger, as_other_customer, anonymous):
    for client in (as_stranger, as_other_customer):
        assert is_problem(client.delete(f"{URL}/{booking['id']}"), 404, "not_found")
        assert is_problem(client.post(f"{URL}/{booking['id']}/cancel"), 404, "not_found")
    assert is_problem(anonymous.delete(f"{URL}/{booking['id']}"), 401, "unauthorized")


@pytest.mark.parametrize("booking_id", ["BK-00000000", "x", "%00", "🎷", "a" * 2000, "$ne", "%ED%A0%80"])
def test_an_unknown_booking_is_404(as_customer, booking_id: str):
    assert is_problem(as_customer.delete(f"{URL}/{booking_id}"), 404, "not_found")


def test_the_journal_entry_has_actor_and_reason(event: Event, booking: Booked, as_customer, customer: User):
    as_customer.delete(f"{URL}/{booking['id']}")

    entry = Entry.objects.get(type="booking.cancelled")
    kept = {
        name: entry.data[name] for name in ("id", "eventId", "customerId", "qty", "amount", "reason", "availableSeats")
    }
    assert (entry.actor, entry.subject) == (customer.id, booking["id"])
    assert kept == {
        "id": booking["id"],
        "eventId": event.id,
        "customerId": customer.id,
        "qty": 3,
        "amount": "75.00",
        "reason": "customer",
        "availableSeats": 10,
    }


def test_a_missing_first_entry_is_written_before_the_last(event: Event, booking: Booked, as_customer):
    """The post-commit worker may not have written the first entry yet."""
    Entry.objects.filter(type="booking.created").delete()

    as_customer.delete(f"{URL}/{booking['id']}")

    assert list(Entry.objects.filter(subject=booking["id"]).order_by("at").values_list("type", flat=True)) == [
        "booking.created",
        "booking.cancelled",
    ]


def test_the_idempotency_key_of_a_cancelled_booking_returns_it(event: Event, customer: User, as_customer):
    headers = {"HTTP_IDEMPOTENCY_KEY": "k1"}
    first = as_customer.post(URL, {"eventId": event.id, "qty": 1}, **headers).json()
    as_customer.delete(f"{URL}/{first['id']}")

    again = as_customer.post(URL, {"eventId": event.id, "qty": 1}, **headers)

    assert (again.status_code, again.json()) == (201, first)
    assert_seats_add_up(event, sold=0)
