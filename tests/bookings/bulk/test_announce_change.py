"""A published event changes: everybody who booked is told what, once."""

from datetime import timedelta

import pytest

from accounts.models import User
from bookings.bulk import announce_change, jobs
from bookings.checkout.batch_processor import booking_document
from bookings.checkout.booking_request import BookingRequest
from bookings.models import EventJob
from bookings.seats import ledger
from config.core.clock import iso, now
from events.editing import update_event
from events.models import Event
from journal.dispatch import dispatch
from journal.models import Entry
from tests.support import factories


def change(event: Event, **changes: object) -> None:
    update_event(event_id=event.id, by=event.organizer.as_actor(), changes=changes, now=now())


def announce() -> None:
    dispatch("jobs")
    jobs.run_jobs()


def told() -> list[tuple[str, dict[str, object]]]:
    """Return who was told of what, in the request of the telling."""
    found = Entry.objects.filter(type="notice.event_updated").order_by("at", "id")
    return [(entry.subject, entry.data["changes"]) for entry in found]


def guests(count: int) -> list[User]:
    return [factories.make_user(f"Guest {number}", role="CUSTOMER") for number in range(count)]


def test_the_notice_names_what_changed_old_and_new(event: Event, customer: User):
    factories.make_booking(event, customer)
    later = event.starts_at + timedelta(days=1)

    change(event, starts_at=later, venue="Harbour Stage")
    announce()

    expected = {
        "starts_at": {"old": iso(event.starts_at), "new": iso(later)},
        "venue": {"old": "", "new": "Harbour Stage"},
    }
    assert told() == [(customer.id, expected)]


def test_with_several_bookings_one_is_told_once(event: Event, customer: User, other_customer: User):
    for _ in range(3):
        factories.make_booking(event, customer)
    factories.make_booking(event, other_customer)

    change(event, venue="Harbour Stage")
    announce()

    assert sorted(who for who, _ in told()) == sorted([customer.id, other_customer.id])


def test_who_cancelled_is_not_told(event: Event, customer: User):
    from bookings.cancellation import cancel_booking

    booking = factories.make_booking(event, customer)
    cancel_booking(booking_id=booking["id"], by=customer.as_actor(), now=now())

    change(event, venue="Harbour Stage")
    announce()

    assert told() == []


@pytest.mark.parametrize("changes", [{"total_seats": 20}, {"tags": ["jazz"]}, {"category": "music"}])
def test_what_concerns_nobody_who_booked_is_not_announced(event: Event, customer: User, changes: dict[str, object]):
    factories.make_booking(event, customer)

    change(event, **changes)
    announce()

    assert EventJob.objects.count() == 0


def test_drafts_change_silently(draft: Event):
    change(draft, venue="Harbour Stage")
    announce()

    assert EventJob.objects.count() == 0


def test_a_second_edit_meanwhile_is_told_apart(event: Event, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(announce_change, "CHUNK", 2)
    booked = guests(5)
    for guest in booked:
        factories.make_booking(event, guest)
    change(event, venue="First")
    dispatch("jobs")
    jobs.advance(EventJob.objects.get())

    change(event, venue="Second")
    announce()

    for guest in booked:
        venues = [changes["venue"] for who, changes in told() if who == guest.id]
        assert venues == [{"old": "", "new": "First"}, {"old": "First", "new": "Second"}]


def test_a_worker_killed_between_two_chunks_repeats_nothing(event: Event, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(announce_change, "CHUNK", 2)
    booked = guests(5)
    for guest in booked:
        factories.make_booking(event, guest)
    change(event, venue="Harbour Stage")
    dispatch("jobs")
    job = EventJob.objects.get()

    announce_change.run_chunk(job, now=now())  # this worker dies; the next one has an old picture of the job
    announce_change.run_chunk(job, now=now())
    announce()

    assert sorted(who for who, _ in told()) == sorted(guest.id for guest in booked)
    assert EventJob.objects.get().done == 5


def test_a_long_description_is_told_by_its_beginning(event: Event, customer: User):
    factories.make_booking(event, customer)

    change(event, description="x" * 9_000)
    announce()

    ((_, changes),) = told()
    assert changes["description"]["new"] == "x" * 300 + "…"


def test_a_booking_in_the_making_is_waited_for(event: Event, customer: User):
    """Its claim read the event before the change, so that is what its answer shows; its insert comes after."""
    claim = ledger.new_claim(event_id=event.id, price=event.price, items=[ledger.ClaimItem("BK-LATE0000", 2)])
    request = BookingRequest(event.id, customer.as_actor(), 2, now(), booking_id="BK-LATE0000")
    snapshot = ledger.claim_seats(claim, now=request.now)
    change(event, venue="Harbour Stage")
    announce()

    ledger.insert_bookings([booking_document(request, snapshot)])
    ledger.remove_claims([claim])
    announce()

    assert told() == [(customer.id, {"venue": {"old": "", "new": "Harbour Stage"}})]
    assert EventJob.objects.get().finished_at is not None
