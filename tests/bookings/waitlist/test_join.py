"""POST /api/waitlist."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from accounts.models import User
from bookings.models import WaitlistEntry
from bookings.seats import transactions
from config.core.errors import Unavailable
from events.models import Event
from tests.conftest import client_of
from tests.support import factories
from tests.support.bad_input import BROKEN_BODIES, NOT_A_NUMBER, faulty_fields, is_problem
from tests.support.waitlists import join

URL = "/api/waitlist"


def test_joining_returns_the_entry_with_its_position(full: Event, as_customer, as_other_customer):
    first = as_customer.post(URL, {"eventId": full.id, "qty": 2})
    second = as_other_customer.post(URL, {"eventId": full.id, "qty": 1})

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"].startswith("WL-")
    shown = {name: first.json()[name] for name in ("eventId", "qty", "position", "status", "offerExpiresAt")}
    assert shown == {"eventId": full.id, "qty": 2, "position": 1, "status": "WAITING", "offerExpiresAt": None}
    assert second.json()["position"] == 2


def test_qty_defaults_to_one(full: Event, as_customer):
    assert as_customer.post(URL, {"eventId": full.id}).json()["qty"] == 1


def test_refuses_while_enough_seats_are_available(event: Event, as_customer):
    response = as_customer.post(URL, {"eventId": event.id, "qty": 10})

    assert is_problem(response, 409, "seats_available")
    assert response.json()["availableSeats"] == 10


def test_accepts_more_seats_than_are_available(event: Event, customer: User, as_other_customer):
    factories.make_booking(event, customer, qty=8)

    assert as_other_customer.post(URL, {"eventId": event.id, "qty": 3}).status_code == 201


def test_refuses_more_seats_than_the_event_has(full: Event, as_customer):
    assert is_problem(as_customer.post(URL, {"eventId": full.id, "qty": 5}), 409, "too_many_seats")


def test_refuses_a_second_open_entry(full: Event, customer: User, as_customer):
    join(full, customer)

    assert is_problem(as_customer.post(URL, {"eventId": full.id}), 409, "already_waiting")


def test_8_requests_at_once_make_one_entry(full: Event, customer: User):
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: client_of(customer).post(URL, {"eventId": full.id}), range(8)))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    assert (WaitlistEntry.objects.count(), factories.reload(full).waitlist_length) == (1, 1)


def test_joining_again_after_leaving_starts_at_the_end(full: Event, customer: User, other_customer: User, as_customer):
    join(full, customer)
    join(full, other_customer)
    as_customer.delete(f"{URL}/{full.id}")

    assert as_customer.post(URL, {"eventId": full.id}).json()["position"] == 2


def test_refuses_events_that_cannot_be_booked(draft: Event, full: Event, organizer: User, as_customer, as_organizer):
    past = factories.make_past_event(organizer)
    as_organizer.post(f"/api/events/{full.id}/cancel")

    for event_id in (draft.id, "EVT-00000000", "$ne"):
        assert is_problem(as_customer.post(URL, {"eventId": event_id}), 404, "not_found")
    assert is_problem(as_customer.post(URL, {"eventId": past.id}), 409, "event_past")
    assert is_problem(as_customer.post(URL, {"eventId": full.id}), 409, "event_cancelled")


@pytest.mark.parametrize("qty", [*NOT_A_NUMBER, 0, -1, 21, 10**30])
def test_refuses_a_bad_quantity(full: Event, as_customer, qty: object):
    assert faulty_fields(as_customer.post(URL, {"eventId": full.id, "qty": qty})) == {"qty"}


@pytest.mark.parametrize("name", sorted(BROKEN_BODIES))
def test_refuses_a_broken_body(as_customer, name: str):
    response = as_customer.generic("POST", URL, BROKEN_BODIES[name], "application/json")

    assert is_problem(response, 400, "invalid")


def test_every_endpoint_is_for_signed_in_customers(full: Event, anonymous, as_organizer, as_staff):
    for client, status in ((anonymous, 401), (as_organizer, 403), (as_staff, 403)):
        assert is_problem(client.post(URL, {"eventId": full.id}), status)
        assert is_problem(client.get(f"{URL}/me"), status)
        assert is_problem(client.get(f"{URL}/position/{full.id}"), status)
        assert is_problem(client.post(f"{URL}/{full.id}/accept"), status)
        assert is_problem(client.delete(f"{URL}/{full.id}"), status)


def test_answers_unavailable_while_the_event_is_locked_for_long(full: Event, customer: User, monkeypatch):
    monkeypatch.setattr(transactions, "LOCK_SECONDS", 0.05)

    with transactions._locks[hash(full.id) % len(transactions._locks)], pytest.raises(Unavailable):
        join(full, customer)

    assert join(full, customer).status == "WAITING"
