"""What becomes of bookings and the waitlist when their event is cancelled."""

from datetime import timedelta

import pytest

from accounts.models import User
from bookings.bulk import cancel_bookings, change_notices, jobs
from bookings.checkout.batch_processor import booking_document
from bookings.checkout.booking_request import BookingRequest
from bookings.models import Booking, EventJob, WaitlistEntry
from bookings.seats import ledger
from bookings.seats.refusals import EventCancelled
from bookings.services import book_seats
from bookings.waitlist import entries, leaving
from bookings.waitlist.joining import join_waitlist
from config.core.clock import now
from events.editing import update_event
from events.lifecycle import cancel_event
from events.models import Event
from journal.dispatch import dispatch
from journal.models import Entry, Lease
from tests.support import factories
from tests.support.seat_ledger import assert_seats_add_up


def cancel(event: Event, reason: str = "The venue is flooded.") -> None:
    cancel_event(event_id=event.id, by=event.organizer.as_actor(), now=now(), reason=reason)


def finish() -> EventJob:
    """Do all that the journal and the worker would."""
    dispatch("jobs")
    jobs.run_jobs()
    return EventJob.objects.get()


def noticed() -> list[str]:
    return sorted(Entry.objects.filter(type="notice.event_cancelled").values_list("subject", flat=True))


def guests(count: int) -> list[User]:
    return [factories.make_user(f"Guest {number}", role="CUSTOMER") for number in range(count)]


class Killed(BaseException):
    """The worker ends here."""


def test_nothing_can_be_booked_from_that_moment(event: Event, customer: User):
    cancel(event)

    with pytest.raises(EventCancelled):
        book_seats(event_id=event.id, customer=customer.as_actor(), qty=1, now=now())


def test_its_bookings_are_cancelled_and_the_ledger_is_at_zero(event: Event, customer: User, other_customer: User):
    factories.make_booking(event, customer, qty=2)
    factories.make_booking(event, other_customer, qty=3)
    cancel(event)

    finish()

    assert set(Booking.objects.values_list("status", flat=True)) == {"CANCELLED"}
    after = factories.reload(event)
    assert (after.tickets_sold, str(after.revenue), after.available_seats) == (0, "0.00", 10)
    assert_seats_add_up(event)


def test_each_customer_is_told_once_however_many_bookings_they_had(event: Event, customer: User, other_customer: User):
    for _ in range(3):
        factories.make_booking(event, customer)
    factories.make_booking(event, other_customer)
    cancel(event)

    finish()

    assert noticed() == sorted([customer.id, other_customer.id])
    assert Entry.objects.filter(type="booking.cancelled").count() == 4


def test_the_notice_says_which_event_and_why(event: Event, customer: User):
    factories.make_booking(event, customer)
    cancel(event, reason="Rain")

    finish()

    data = Entry.objects.get(type="notice.event_cancelled").data
    assert (data["eventTitle"], data["reason"], data["customerId"]) == ("Jazz Night", "Rain", customer.id)


def test_the_entry_of_each_booking_names_its_customer(event: Event, customer: User, other_customer: User):
    factories.make_booking(event, customer)
    factories.make_booking(event, other_customer)
    cancel(event)

    finish()

    cancelled = Entry.objects.filter(type="booking.cancelled")
    assert {entry.data["customerName"] for entry in cancelled} == {customer.name, other_customer.name}


def test_offers_end_and_the_line_is_closed_and_told(event: Event, customer: User):
    first, second = guests(2)
    factories.make_booking(event, customer, qty=10)
    for guest in (first, second):
        join_waitlist(event_id=event.id, customer=guest.as_actor(), qty=2, now=now())
    update_event(event_id=event.id, by=event.organizer.as_actor(), changes={"total_seats": 12}, now=now())
    cancel(event)

    finish()

    assert list(WaitlistEntry.objects.values_list("status", flat=True)) == ["EXPIRED", "EXPIRED"]
    assert noticed() == sorted([customer.id, first.id, second.id])
    after = factories.reload(event)
    assert (after.held_seats, after.waitlist_length, after.available_seats) == (0, 0, 12)
    assert_seats_add_up(event)


def test_the_job_shows_how_far_it_is(event: Event, customer: User, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cancel_bookings, "CHUNK", 2)
    for _ in range(5):
        factories.make_booking(event, customer)
    cancel(event)
    dispatch("jobs")
    progress = []

    for _ in range(4):
        (job,) = EventJob.objects.all()
        progress.append((job.done, job.total, job.finished_at is not None))
        jobs.advance(job)

    assert progress == [(0, 5, False), (2, 5, False), (4, 5, False), (5, 5, False)]
    assert EventJob.objects.get().finished_at is not None


@pytest.mark.parametrize("boundary", ["write_notices", "booking_cancelled", "mark_cancelled"])
def test_a_worker_killed_on_the_way_resumes_and_tells_nobody_twice(
    event: Event, monkeypatch: pytest.MonkeyPatch, boundary: str
):
    monkeypatch.setattr(cancel_bookings, "CHUNK", 2)
    booked = guests(5)
    for guest in booked:
        factories.make_booking(event, guest)
    cancel(event)
    dispatch("jobs")
    jobs.advance(EventJob.objects.get())

    def killed(*args: object, **kwargs: object) -> None:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(cancel_bookings, boundary, killed)
        with pytest.raises(Killed):
            jobs.run_jobs()
    Lease.objects.update(until=now() - timedelta(seconds=1))  # as it is some seconds later

    job = finish()

    assert (job.done, noticed()) == (5, sorted(guest.id for guest in booked))
    assert Entry.objects.filter(type="booking.cancelled").count() == 5
    assert_seats_add_up(event, sold=0)


def test_a_booking_in_the_making_is_waited_for(event: Event, customer: User):
    """Its claim was there before the event was cancelled; its insert comes after."""
    claim = ledger.new_claim(event_id=event.id, price=event.price, items=[ledger.ClaimItem("BK-LATE0000", 2)])
    snapshot = ledger.claim_seats(claim, now=now())
    cancel(event)

    assert finish().finished_at is None

    request = BookingRequest(event.id, customer.as_actor(), 2, now(), booking_id="BK-LATE0000")
    ledger.insert_bookings([booking_document(request, snapshot)])
    ledger.remove_claims([claim])

    assert finish().finished_at is not None
    assert Booking.objects.get(pk="BK-LATE0000").status == "CANCELLED"
    assert_seats_add_up(event, sold=0)


def test_a_draft_has_nobody_to_tell(draft: Event):
    cancel(draft)
    dispatch("jobs")

    assert EventJob.objects.count() == 0


def test_the_jobs_of_two_events_take_turns(event: Event, organizer: User, customer: User, monkeypatch):
    monkeypatch.setattr(cancel_bookings, "CHUNK", 1)
    small = factories.make_published_event(organizer)
    for _ in range(5):
        factories.make_booking(event, customer)
    factories.make_booking(small, customer)
    cancel(event)
    cancel(small)
    dispatch("jobs")
    finished: list[str] = []
    real = jobs.advance

    def watched(job: EventJob) -> bool:
        moved = real(job)
        finished.extend(EventJob.objects.filter(pk=job.pk).exclude(finished_at=None).values_list("event_id", flat=True))
        return moved

    monkeypatch.setattr(jobs, "advance", watched)
    jobs.run_jobs()

    assert finished == [small.id, event.id]


def test_seats_of_a_cancelled_booking_are_not_given_back_again(event: Event, customer: User):
    from bookings.cancellation import cancel_booking

    booking = factories.make_booking(event, customer, qty=2)
    factories.make_booking(event, customer, qty=3)
    cancel(event)
    cancel_booking(booking_id=booking["id"], by=customer.as_actor(), now=now() + timedelta(seconds=1))

    finish()

    assert_seats_add_up(event, sold=0)
    assert "notice.event_cancelled" in Entry.objects.values_list("type", flat=True)


def test_a_booking_that_comes_in_between_two_looks_is_not_missed(event: Event, customer: User, monkeypatch):
    """The job has seen no booking; then the last one is inserted and its claim goes, before the job looks at claims."""
    claim = ledger.new_claim(event_id=event.id, price=event.price, items=[ledger.ClaimItem("BK-LATE0000", 2)])
    snapshot = ledger.claim_seats(claim, now=now())
    cancel(event)
    real = cancel_bookings.end_bookings

    def overtaken(job: EventJob, **words: object) -> int:
        done = real(job, **words)  # type: ignore[arg-type]  # now=
        if not Booking.objects.exists():
            request = BookingRequest(event.id, customer.as_actor(), 2, now(), booking_id="BK-LATE0000")
            ledger.insert_bookings([booking_document(request, snapshot)])
            ledger.remove_claims([claim])
        return done

    monkeypatch.setattr(cancel_bookings, "end_bookings", overtaken)
    finish()

    assert finish().finished_at is not None
    assert Booking.objects.get(pk="BK-LATE0000").status == "CANCELLED"
    assert_seats_add_up(event, sold=0)


def test_a_long_line_is_told_and_closed_in_chunks(event: Event, customer: User, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(entries, "CHUNK", 2)
    factories.make_booking(event, customer, qty=10)
    waiting = guests(5)
    for guest in waiting:
        join_waitlist(event_id=event.id, customer=guest.as_actor(), qty=2, now=now())
    cancel(event)
    dispatch("jobs")
    told = []

    for _ in range(3):
        jobs.advance(EventJob.objects.get())
        told.append((len(noticed()), WaitlistEntry.objects.filter(status="EXPIRED").count()))

    assert told == [(2, 2), (4, 4), (5, 5)]


def test_who_moves_up_during_a_chunk_is_not_closed_untold(event: Event, customer: User, monkeypatch):
    """The first leaves after the chunk was told and before it is closed: another must not slip into it."""
    monkeypatch.setattr(entries, "CHUNK", 2)
    factories.make_booking(event, customer, qty=10)
    waiting = guests(3)
    for guest in waiting:
        join_waitlist(event_id=event.id, customer=guest.as_actor(), qty=2, now=now())
    cancel(event)
    dispatch("jobs")
    real = change_notices.write_notices

    def told(job: EventJob, customers: object, **words: object) -> None:
        real(job, customers, **words)  # type: ignore[arg-type]  # as they came
        monkeypatch.setattr(cancel_bookings, "write_notices", real)
        leaving.leave_waitlist(event_id=event.id, customer=waiting[0].as_actor(), now=now())

    monkeypatch.setattr(cancel_bookings, "write_notices", told)
    jobs.advance(EventJob.objects.get())

    assert WaitlistEntry.objects.get(customer=waiting[2].id).status == "WAITING"
    finish()
    assert noticed() == sorted([customer.id, *(guest.id for guest in waiting)])


def test_a_job_that_fails_does_not_keep_the_others_waiting(event: Event, organizer: User, customer: User):
    other = factories.make_published_event(organizer)
    for one in (event, other):
        factories.make_booking(one, customer)
        cancel(one)
    dispatch("jobs")
    EventJob.objects.filter(event=event.id).update(data={})

    jobs.run_jobs()

    assert EventJob.objects.exclude(finished_at=None).get().event_id == other.id
    assert Lease.objects.get(pk=jobs.LEASE).until < now()


def test_an_event_with_many_jobs_does_not_push_the_others_out(event: Event, organizer: User):
    other = factories.make_published_event(organizer)
    for number in range(jobs.AT_ONCE * 5):
        update_event(event_id=event.id, by=organizer.as_actor(), changes={"title": f"Title {number}"}, now=now())
    cancel(other)
    dispatch("jobs")
    EventJob.objects.update(finished_at=None)

    assert [job.event_id for job in jobs.due_jobs()] == [event.id, other.id]
