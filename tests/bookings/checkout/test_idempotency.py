"""Idempotency-Key on POST /api/bookings: the same request again is the same booking."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from bson import json_util
from django.db import connection

from accounts.models import User
from bookings.models import Booking
from bookings.services import Booked, KeyReused, book_seats
from config.core.clock import now
from events import editing, lifecycle
from events.models import Event
from tests.support import factories
from tests.support.bad_input import is_problem
from tests.support.seat_ledger import assert_seats_add_up

URL = "/api/bookings"


def book(client, event: Event, key: str, qty: int = 1):
    return client.post(URL, {"eventId": event.id, "qty": qty}, headers={"Idempotency-Key": key})


def test_the_first_response_is_not_marked_as_replayed(event: Event, as_customer):
    assert "Idempotency-Replayed" not in book(as_customer, event, "k1")


def test_a_repeated_request_gets_the_first_response(event: Event, as_customer):
    first = book(as_customer, event, "k1")

    second = book(as_customer, event, "k1")

    assert (second.status_code, second["Idempotency-Replayed"]) == (201, "true")
    assert second.json() == first.json()
    assert factories.reload(event).tickets_sold == 1


def test_another_body_under_the_same_key_is_422(event: Event, as_customer):
    book(as_customer, event, "k1")

    assert is_problem(book(as_customer, event, "k1", qty=2), 422, "idempotency_key_reused")


def test_another_event_under_the_same_key_is_422(event: Event, organizer: User, as_customer):
    book(as_customer, event, "k1")
    another = factories.make_published_event(organizer, title="Other")

    assert is_problem(book(as_customer, another, "k1"), 422, "idempotency_key_reused")


def test_two_customers_may_use_the_same_key(event: Event, as_customer, as_other_customer):
    answers = {book(client, event, "k1").json()["id"] for client in (as_customer, as_other_customer)}

    assert len(answers) == 2


def test_the_first_response_stays_after_the_event_changed(event: Event, organizer: User, as_customer):
    first = book(as_customer, event, "k1").json()
    editing.update_event(event_id=event.id, by=organizer.as_actor(), changes={"title": "Blues Night"}, now=now())

    assert book(as_customer, event, "k1").json() == first


def test_the_first_response_stays_after_the_event_was_cancelled(event: Event, organizer: User, as_customer):
    first = book(as_customer, event, "k1").json()
    lifecycle.cancel_event(event_id=event.id, by=organizer.as_actor(), now=now())

    assert book(as_customer, event, "k1").json() == first


def test_a_refusal_is_not_kept(event: Event, organizer: User, as_customer):
    factories.make_booking(event, factories.make_user("First Comer", role="CUSTOMER"), qty=10)
    assert book(as_customer, event, "k1").status_code == 409
    editing.update_event(event_id=event.id, by=organizer.as_actor(), changes={"total_seats": 11}, now=now())

    assert book(as_customer, event, "k1").status_code == 201


@pytest.mark.parametrize("key", ["k", "!", "~" * 255])
def test_accepts_up_to_255_visible_characters(event: Event, as_customer, key: str):
    assert book(as_customer, event, key).status_code == 201


@pytest.mark.parametrize("key", ["", " ", "a b", "k" * 256, "schlüssel", "a\x00b", "🎷"])
def test_refuses_any_other_key(event: Event, as_customer, key: str):
    response = as_customer.post(URL, {"eventId": event.id, "qty": 1}, HTTP_IDEMPOTENCY_KEY=key)

    assert is_problem(response, 400, "invalid")
    assert response.json()["errors"][0]["field"] == "Idempotency-Key"


def test_twenty_threads_with_one_key_make_one_booking(event: Event, customer: User):
    def attempt(_: int) -> Booked:
        return book_seats(event_id=event.id, customer=customer.as_actor(), qty=2, now=now(), idempotency_key="k1")

    with ThreadPoolExecutor(20) as threads:
        booked = list(threads.map(attempt, range(20)))

    assert [one.representation for one in booked] == [booked[0].representation] * 20
    assert sorted(one.replayed for one in booked) == [False] + [True] * 19
    assert_seats_add_up(event, sold=2)


def test_two_events_under_one_key_at_once_make_one_booking(event: Event, organizer: User, customer: User):
    another = factories.make_published_event(organizer, title="Other")

    def attempt(which: Event) -> str:
        try:
            return str(
                book_seats(
                    event_id=which.id, customer=customer.as_actor(), qty=1, now=now(), idempotency_key="k"
                ).representation["id"]
            )
        except KeyReused:
            return "reused"

    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(attempt, [event, another] * 4))

    assert len(set(outcomes)) == 2
    assert "reused" in outcomes
    assert Booking.objects.count() == 1
    assert_seats_add_up(event)
    assert_seats_add_up(another)


def test_the_key_is_looked_up_by_its_index(event: Event, customer: User):
    factories.make_booking(event, customer, idempotency_key="k1")
    factories.make_booking(event, customer)
    query = {"find": "bookings_booking", "filter": {"customer_id": customer.id, "idempotency_key": "k1"}}

    plan = connection.database.command("explain", query)["queryPlanner"]["winningPlan"]

    assert "booking_idempotency" in json_util.dumps(plan)
