"""POST /api/bookings."""

from decimal import Decimal

import pytest

from accounts.models import User
from bookings.models import Booking
from config.core.clock import now
from events import editing, lifecycle
from events.models import Event
from tests.support import factories
from tests.support.bad_input import BAD_TEXT, BROKEN_BODIES, NOT_A_NUMBER, ONE_MEGABYTE, faulty_fields, is_problem

URL = "/api/bookings"


def test_returns_201_with_the_booking(event: Event, as_customer, customer: User):
    response = as_customer.post(URL, {"eventId": event.id, "qty": 2})

    answer = response.json()
    assert response.status_code == 201
    assert (answer.pop("id")[:3], answer.pop("createdAt")[-1]) == ("BK-", "Z")
    assert answer == {
        "event": {
            "id": event.id,
            "title": "Jazz Night",
            "date": f"{event.starts_at:%Y-%m-%dT%H:%M:%SZ}",
            "city": "Pune",
            "venue": "",
        },
        "qty": 2,
        "unitPrice": "25.00",
        "amount": "50.00",
        "currency": "EUR",
        "status": "CONFIRMED",
        "customer": {"id": customer.id, "name": "Carl Customer"},
        "cancelledAt": None,
        "checkedInAt": None,
    }


def test_changes_the_counters_of_the_event(event: Event, as_customer):
    as_customer.post(URL, {"eventId": event.id, "qty": 3})

    after = factories.reload(event)
    assert (after.available_seats, after.tickets_sold, after.revenue) == (7, 3, Decimal("75.00"))


def test_the_response_equals_a_later_get(event: Event, as_customer):
    booked = as_customer.post(URL, {"eventId": event.id, "qty": 1}).json()

    assert as_customer.get(f"{URL}/{booked['id']}").json() == booked


def test_refuses_more_seats_than_are_available_and_says_how_many(event: Event, as_customer):
    as_customer.post(URL, {"eventId": event.id, "qty": 8})

    response = as_customer.post(URL, {"eventId": event.id, "qty": 3})

    assert is_problem(response, 409, "sold_out")
    assert response.json()["availableSeats"] == 2


def test_the_last_seats_can_be_booked(event: Event, as_customer):
    as_customer.post(URL, {"eventId": event.id, "qty": 8})

    assert as_customer.post(URL, {"eventId": event.id, "qty": 2}).status_code == 201
    assert factories.reload(event).available_seats == 0


def test_an_unknown_event_is_404(as_customer):
    assert is_problem(as_customer.post(URL, {"eventId": "EVT-00000000", "qty": 1}), 404, "not_found")


def test_a_draft_is_404(draft: Event, as_customer):
    assert is_problem(as_customer.post(URL, {"eventId": draft.id, "qty": 1}), 404, "not_found")


def test_a_hidden_event_is_404(event: Event, as_customer):
    Event.objects.filter(pk=event.pk).update(hidden=True)

    assert is_problem(as_customer.post(URL, {"eventId": event.id, "qty": 1}), 404, "not_found")


def test_a_cancelled_event_is_409(event: Event, organizer: User, as_customer):
    lifecycle.cancel_event(event_id=event.id, by=organizer.as_actor(), now=now())

    assert is_problem(as_customer.post(URL, {"eventId": event.id, "qty": 1}), 409, "event_cancelled")


def test_a_past_event_is_409(organizer: User, as_customer):
    past = factories.make_past_event(organizer)

    assert is_problem(as_customer.post(URL, {"eventId": past.id, "qty": 1}), 409, "event_past")


def test_a_new_price_applies_from_the_next_booking_on(event: Event, organizer: User, as_customer):
    as_customer.post(URL, {"eventId": event.id, "qty": 1})
    editing.update_event(event_id=event.id, by=organizer.as_actor(), changes={"price": Decimal("30.00")}, now=now())

    response = as_customer.post(URL, {"eventId": event.id, "qty": 1})

    assert response.json()["amount"] == "30.00"
    assert factories.reload(event).revenue == Decimal("55.00")


def test_needs_a_token(event: Event, anonymous):
    assert is_problem(anonymous.post(URL, {"eventId": event.id, "qty": 1}), 401, "unauthorized")


@pytest.mark.parametrize("who", ["as_organizer", "as_staff"])
def test_is_for_customers(event: Event, who: str, request: pytest.FixtureRequest):
    client = request.getfixturevalue(who)

    assert is_problem(client.post(URL, {"eventId": event.id, "qty": 1}), 403, "forbidden")


@pytest.mark.parametrize("qty", [*NOT_A_NUMBER, 0, -1, 21, 10**30, -(10**30)])
def test_refuses_a_bad_quantity(event: Event, as_customer, qty: object):
    response = as_customer.post(URL, {"eventId": event.id, "qty": qty})

    assert faulty_fields(response) == {"qty"}
    assert Booking.objects.count() == 0


@pytest.mark.parametrize("event_id", [*BAD_TEXT, "E" * 65])
def test_refuses_a_bad_event_id(as_customer, event_id: object):
    assert faulty_fields(as_customer.post(URL, {"eventId": event_id, "qty": 1})) == {"eventId"}


@pytest.mark.parametrize("event_id", ["x", "EVT-'; drop", "EVT-🎷", "$where", "BK-00000000", "E" * 64])
def test_an_id_of_another_shape_is_404(as_customer, event_id: str):
    assert is_problem(as_customer.post(URL, {"eventId": event_id, "qty": 1}), 404, "not_found")


def test_names_every_missing_field(as_customer):
    assert faulty_fields(as_customer.post(URL, {})) == {"eventId", "qty"}


@pytest.mark.parametrize("body", BROKEN_BODIES.values(), ids=BROKEN_BODIES.keys())
def test_refuses_a_broken_body(as_customer, body: bytes):
    assert is_problem(as_customer.generic("POST", URL, body, "application/json"), 400, "invalid")


def test_refuses_a_body_of_a_megabyte(as_customer):
    assert is_problem(as_customer.generic("POST", URL, ONE_MEGABYTE, "application/json"), 413, "too_large")


def test_refuses_another_content_type(as_customer):
    assert is_problem(as_customer.generic("POST", URL, b"qty=1", "application/x-www-form-urlencoded"), 415)
