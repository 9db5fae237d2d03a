"""Bookings of a cancelled event are cancelled, and their customers get a notice."""

from datetime import timedelta

import pytest

from accounts.models import User
from bookings.bulk import cancel_bookings
from bookings.cancellation import cancel_booking
from bookings.checkout.batch_processor import booking_document
from bookings.checkout.booking_request import BookingRequest
from bookings.models import Booking, EventJob
from bookings.seats import ledger
from bookings.seats.refusals import EventCancelled
from bookings.services import book_seats
from config.core.clock import now
from events.models import Event
from journal.models import Entry
from tests.support import factories
from tests.support.event_jobs import cancel, customers_notified, only_job, run_jobs, store_jobs
from tests.support.seat_ledger import assert_seats_add_up


def test_a_cancelled_event_cannot_be_booked(event: Event, customer: User):
    cancel(event)

    with pytest.raises(EventCancelled):
        book_seats(event_id=event.id, customer=customer.as_actor(), qty=1, now=now())


def test_its_bookings_are_cancelled_and_its_seats_free(event: Event, customer: User, other_customer: User):
    factories.make_booking(event, customer, qty=2)
    factories.make_booking(event, other_customer, qty=3)
    cancel(event)

    run_jobs()

    assert set(Booking.objects.values_list("status", flat=True)) == {"CANCELLED"}
    after = factories.reload(event)
    assert (after.tickets_sold, str(after.revenue), after.available_seats) == (0, "0.00", 10)
    assert_seats_add_up(event)


def test_a_customer_with_three_bookings_gets_one_notice(event: Event, customer: User, other_customer: User):
    for _ in range(3):
        factories.make_booking(event, customer)
    factories.make_booking(event, other_customer)
    cancel(event)

    run_jobs()

    assert customers_notified() == sorted([customer.id, other_customer.id])
    assert Entry.objects.filter(type="booking.cancelled").count() == 4


def test_the_notice_names_the_event_and_the_reason(event: Event, customer: User):
    factories.make_booking(event, customer)
    cancel(event, reason="Rain")

    run_jobs()

    data = Entry.objects.get(type="notice.event_cancelled").data
    assert (data["eventTitle"], data["reason"], data["customerId"]) == ("Jazz Night", "Rain", customer.id)


def test_the_entry_of_each_booking_names_its_customer(event: Event, customer: User, other_customer: User):
    factories.make_booking(event, customer)
    factories.make_booking(event, other_customer)
    cancel(event)

    run_jobs()

    cancelled = Entry.objects.filter(type="booking.cancelled")
    assert {entry.data["customerName"] for entry in cancelled} == {customer.name, other_customer.name}


def test_a_cancelled_draft_needs_no_job(draft: Event):
    cancel(draft)
    store_jobs()

    assert EventJob.objects.count() == 0


def test_seats_of_an_earlier_cancellation_are_not_given_back_again(event: Event, customer: User):
    booking = factories.make_booking(event, customer, qty=2)
    factories.make_booking(event, customer, qty=3)
    cancel(event)
    cancel_booking(booking_id=booking["id"], by=customer.as_actor(), now=now() + timedelta(seconds=1))

    run_jobs()

    assert_seats_add_up(event, sold=0)
    assert "notice.event_cancelled" in Entry.objects.values_list("type", flat=True)


def test_the_job_waits_for_a_claimed_booking(event: Event, customer: User):
    """Its claim comes before the cancellation of the event, its insert after."""
    claim = ledger.new_claim(event_id=event.id, price=event.price, items=[ledger.ClaimItem("BK-LATE0000", 2)])
    snapshot = ledger.claim_seats(claim, now=now())
    cancel(event)
    run_jobs()
    assert only_job().finished_at is None

    request = BookingRequest(event.id, customer.as_actor(), 2, now(), booking_id="BK-LATE0000")
    ledger.insert_bookings([booking_document(request, snapshot)])
    ledger.remove_claims([claim])
    run_jobs()

    assert only_job().finished_at is not None
    assert Booking.objects.get(pk="BK-LATE0000").status == "CANCELLED"
    assert_seats_add_up(event, sold=0)


def test_a_booking_inserted_between_two_queries_is_not_missed(event: Event, customer: User, monkeypatch):
    """The job finds no booking; then one is inserted and its claim removed, before the job could read claims."""
    claim = ledger.new_claim(event_id=event.id, price=event.price, items=[ledger.ClaimItem("BK-LATE0000", 2)])
    snapshot = ledger.claim_seats(claim, now=now())
    cancel(event)
    real = cancel_bookings.end_bookings

    def insert_afterwards(job: EventJob, **options: object) -> int:
        done = real(job, **options)  # type: ignore[arg-type]  # now=
        if not Booking.objects.exists():
            request = BookingRequest(event.id, customer.as_actor(), 2, now(), booking_id="BK-LATE0000")
            ledger.insert_bookings([booking_document(request, snapshot)])
            ledger.remove_claims([claim])
        return done

    monkeypatch.setattr(cancel_bookings, "end_bookings", insert_afterwards)
    run_jobs()
    run_jobs()

    assert only_job().finished_at is not None
    assert Booking.objects.get(pk="BK-LATE0000").status == "CANCELLED"
    assert_seats_add_up(event, sold=0)
