"""Recovery while the process of the claim is still alive, and while MongoDB refuses inserts."""

import threading
from collections.abc import Iterator
from typing import Any
from unittest.mock import Mock

import pytest
from django.db import connection

from accounts.models import User
from bookings.checkout import batch_processor, recovery
from bookings.checkout.booking_request import BookingRequest
from bookings.checkout.post_commit_worker import post_commit_worker
from bookings.models import Booking
from bookings.seats import ledger
from bookings.services import book_seats
from config.core.clock import now
from config.core.errors import Refusal, Unavailable
from events.models import Event
from journal.models import Entry
from tests.support import factories
from tests.support.bad_input import is_problem
from tests.support.seat_ledger import after_the_horizon, assert_seats_add_up, claims_of, confirmed_ids


@pytest.fixture
def stalled_insert(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event]:
    """Hold every insert back until the second event is set; the first is set when an insert waits."""
    waiting, go_on = threading.Event(), threading.Event()
    real = ledger.insert_bookings

    def slow(documents: Any) -> dict[str, int]:
        waiting.set()
        assert go_on.wait(20)
        return real(documents)

    monkeypatch.setattr(ledger, "insert_bookings", slow)
    return waiting, go_on


def test_an_insert_after_the_tombstone_is_refused(event: Event, customer: User, stalled_insert):
    waiting, go_on = stalled_insert
    outcome: list[Refusal] = []

    def attempt() -> None:
        try:
            book_seats(event_id=event.id, customer=customer.as_actor(), qty=2, now=now())
        except Refusal as refusal:
            outcome.append(refusal)

    thread = threading.Thread(target=attempt)
    thread.start()
    assert waiting.wait(20)
    ended = list(recovery.recover_stale_claims(now=after_the_horizon()))
    go_on.set()
    thread.join(20)

    assert [(one.inserted, one.voided) for one in ended] == [(0, 1)]
    assert [type(one) for one in outcome] == [Unavailable]
    assert confirmed_ids() == set()
    assert_seats_add_up(event, sold=0)


def test_tombstones_are_in_no_response(event: Event, customer: User, as_customer, as_staff, as_organizer):
    claim = ledger.new_claim(event_id=event.id, price=event.price, items=[ledger.ClaimItem("BK-GHST0000", 1)])
    ledger.claim_seats(claim, now=now())
    recovery.end_claim(claim, now=now())

    assert Booking.objects.get(pk="BK-GHST0000").status == Booking.Status.VOID
    assert as_customer.get("/api/bookings").json()["count"] == 0
    for client in (as_customer, as_staff, as_organizer):
        assert is_problem(client.get("/api/bookings/BK-GHST0000"), 404)


def test_a_claim_that_is_ended_twice_gives_back_once(event: Event):
    claim = ledger.new_claim(event_id=event.id, price=event.price, items=[ledger.ClaimItem("BK-GHST0000", 3)])
    ledger.claim_seats(claim, now=now())

    recovery.end_claim(claim, now=now())
    recovery.end_claim(claim, now=now())

    assert_seats_add_up(event, sold=0)


@pytest.fixture
def refusing_bookings() -> Iterator[None]:
    """MongoDB itself refuses every booking of 3 seats."""
    connection.ensure_connection()
    refuse = {"collMod": "bookings_booking", "validator": {"qty": {"$ne": 3}}}
    connection.database.command(refuse)
    yield
    connection.database.command({"collMod": "bookings_booking", "validator": {}})


def test_a_write_error_on_insert_gives_the_seats_back_at_once(event: Event, customer: User, refusing_bookings: None):
    with pytest.raises(Unavailable):
        book_seats(event_id=event.id, customer=customer.as_actor(), qty=3, now=now())

    assert claims_of(event) == {}
    assert_seats_add_up(event, sold=0)


def test_a_write_error_is_a_503_with_retry_after(event: Event, as_customer, refusing_bookings: None):
    response = as_customer.post("/api/bookings", {"eventId": event.id, "qty": 3})

    assert is_problem(response, 503, "unavailable")
    assert int(response["Retry-After"]) > 0


def test_a_claim_is_ended_at_once_when_the_insert_raises(event: Event, customer: User, monkeypatch: pytest.MonkeyPatch):
    """The connection breaks after MongoDB has inserted the booking: it exists, though its customer got an error."""
    real = ledger.insert_bookings

    def cut_off(documents: Any) -> dict[str, int]:
        real(documents)
        raise ConnectionResetError

    monkeypatch.setattr(ledger, "insert_bookings", cut_off)
    with pytest.raises(ConnectionResetError):
        book_seats(event_id=event.id, customer=customer.as_actor(), qty=3, now=now())

    assert claims_of(event) == {}
    assert_seats_add_up(event, sold=3)


def test_entries_written_by_recovery_name_the_customer(event: Event, customer: User):
    factories.make_booking(event, customer)
    Entry.objects.filter(type="booking.created").delete()

    recovery.append_created_entries(event.id, list(Booking.documents.find()))

    assert Entry.objects.get(type="booking.created").data["customerName"] == customer.name


def test_while_a_claim_cannot_be_settled_its_bookings_have_entries(
    event: Event, customer: User, other_customer: User, monkeypatch: pytest.MonkeyPatch
):
    """One claim for two requests, one of them refused; its seats cannot be given back for now."""
    book_seats(event_id=event.id, customer=customer.as_actor(), qty=1, now=now(), idempotency_key="used")
    post_commit_worker.finish()
    repeated = BookingRequest(event.id, customer.as_actor(), 2, now(), idempotency_key="used")
    fresh = BookingRequest(event.id, other_customer.as_actor(), 3, now())
    with monkeypatch.context() as busy:
        busy.setattr(recovery, "settle_claim", Mock(side_effect=Unavailable))
        batch_processor.process_batch(event.id, [repeated, fresh], committed=[])

    assert fresh.result()["qty"] == 3
    assert Entry.objects.filter(pk=f"booking.created:{fresh.booking_id}").exists()
    assert len(claims_of(event)) == 1

    list(recovery.recover_stale_claims(now=after_the_horizon()))

    assert claims_of(event) == {}
    assert_seats_add_up(event, sold=4)
