"""Customers get a notice when an event they booked has changed."""

from datetime import timedelta

import pytest

from accounts.models import User
from bookings.bulk import announce_change, jobs
from bookings.cancellation import cancel_booking
from bookings.checkout.batch_processor import booking_document
from bookings.checkout.booking_request import BookingRequest
from bookings.models import EventJob
from bookings.seats import ledger
from config.core.clock import iso, now
from events.models import Event
from tests.support import factories
from tests.support.event_jobs import change, changes_notified, only_job, run_jobs, store_jobs


def test_the_notice_has_old_and_new_values(event: Event, customer: User):
    factories.make_booking(event, customer)
    later = event.starts_at + timedelta(days=1)

    change(event, starts_at=later, venue="Harbour Stage")
    run_jobs()

    expected = {
        "starts_at": {"old": iso(event.starts_at), "new": iso(later)},
        "venue": {"old": "", "new": "Harbour Stage"},
    }
    assert changes_notified() == [(customer.id, expected)]


def test_a_customer_with_three_bookings_gets_one_notice(event: Event, customer: User, other_customer: User):
    for _ in range(3):
        factories.make_booking(event, customer)
    factories.make_booking(event, other_customer)

    change(event, venue="Harbour Stage")
    run_jobs()

    assert sorted(notified for notified, _ in changes_notified()) == sorted([customer.id, other_customer.id])


def test_a_customer_who_cancelled_gets_no_notice(event: Event, customer: User):
    booking = factories.make_booking(event, customer)
    cancel_booking(booking_id=booking["id"], by=customer.as_actor(), now=now())

    change(event, venue="Harbour Stage")
    run_jobs()

    assert changes_notified() == []


@pytest.mark.parametrize("changes", [{"total_seats": 20}, {"tags": ["jazz"]}, {"category": "music"}])
def test_changes_that_do_not_concern_customers_are_not_announced(
    event: Event, customer: User, changes: dict[str, object]
):
    factories.make_booking(event, customer)

    change(event, **changes)
    run_jobs()

    assert EventJob.objects.count() == 0


def test_changes_of_drafts_are_not_announced(draft: Event):
    change(draft, venue="Harbour Stage")
    run_jobs()

    assert EventJob.objects.count() == 0


def test_a_second_change_meanwhile_has_notices_of_its_own(event: Event, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(announce_change, "CHUNK", 2)
    booked = factories.make_customers(5)
    for guest in booked:
        factories.make_booking(event, guest)
    change(event, venue="First")
    store_jobs()
    jobs.advance(only_job())

    change(event, venue="Second")
    run_jobs()

    for guest in booked:
        venues = [changes["venue"] for notified, changes in changes_notified() if notified == guest.id]
        assert venues == [{"old": "", "new": "First"}, {"old": "First", "new": "Second"}]


def test_a_chunk_that_is_repeated_writes_nothing_new(event: Event, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(announce_change, "CHUNK", 2)
    booked = factories.make_customers(5)
    for guest in booked:
        factories.make_booking(event, guest)
    change(event, venue="Harbour Stage")
    store_jobs()
    job = only_job()

    announce_change.run_chunk(job, now=now())  # this worker dies; the next one has read the job before
    announce_change.run_chunk(job, now=now())
    run_jobs()

    assert sorted(notified for notified, _ in changes_notified()) == sorted(guest.id for guest in booked)
    assert only_job().done == 5


def test_a_long_description_is_shortened(event: Event, customer: User):
    factories.make_booking(event, customer)

    change(event, description="x" * 9_000)
    run_jobs()

    ((_, changes),) = changes_notified()
    assert changes["description"]["new"] == "x" * 300 + "…"


def test_the_job_waits_for_a_claimed_booking(event: Event, customer: User):
    """Its claim read the event before the change, so its customer saw the old event; its insert comes after."""
    claim = ledger.new_claim(event_id=event.id, price=event.price, items=[ledger.ClaimItem("BK-LATE0000", 2)])
    request = BookingRequest(event.id, customer.as_actor(), 2, now(), booking_id="BK-LATE0000")
    snapshot = ledger.claim_seats(claim, now=request.now)
    change(event, venue="Harbour Stage")
    run_jobs()

    ledger.insert_bookings([booking_document(request, snapshot)])
    ledger.remove_claims([claim])
    run_jobs()

    assert changes_notified() == [(customer.id, {"venue": {"old": "", "new": "Harbour Stage"}})]
    assert only_job().finished_at is not None
