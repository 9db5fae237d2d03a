"""Jobs run in chunks, in alternation, and are resumed."""

from datetime import timedelta

import pytest

from accounts.models import User
from bookings.bulk import cancel_bookings, jobs
from bookings.models import EventJob
from config.core.clock import now
from events.editing import update_event
from events.models import Event
from journal.models import Entry, Lease
from tests.support import factories
from tests.support.event_jobs import cancel, customers_notified, only_job, run_jobs, store_jobs
from tests.support.seat_ledger import assert_seats_add_up


class Killed(BaseException):
    """The worker dies here."""


def test_a_job_counts_the_bookings_that_are_done(event: Event, customer: User, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cancel_bookings, "CHUNK", 2)
    for _ in range(5):
        factories.make_booking(event, customer)
    cancel(event)
    store_jobs()
    progress = []

    for _ in range(4):
        (job,) = EventJob.objects.all()
        progress.append((job.done, job.total, job.finished_at is not None))
        jobs.advance(job)

    assert progress == [(0, 5, False), (2, 5, False), (4, 5, False), (5, 5, False)]
    assert only_job().finished_at is not None


@pytest.mark.parametrize("boundary", ["write_notices", "booking_cancelled", "mark_cancelled"])
def test_after_a_killed_worker_each_customer_has_one_notice(
    event: Event, monkeypatch: pytest.MonkeyPatch, boundary: str
):
    monkeypatch.setattr(cancel_bookings, "CHUNK", 2)
    booked = factories.make_customers(5)
    for guest in booked:
        factories.make_booking(event, guest)
    cancel(event)
    store_jobs()
    jobs.advance(only_job())

    def killed(*args: object, **kwargs: object) -> None:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(cancel_bookings, boundary, killed)
        with pytest.raises(Killed):
            jobs.run_jobs()
    Lease.objects.update(until=now() - timedelta(seconds=1))  # as it is some seconds later

    run_jobs()

    assert (only_job().done, customers_notified()) == (5, sorted(guest.id for guest in booked))
    assert Entry.objects.filter(type="booking.cancelled").count() == 5
    assert_seats_add_up(event, sold=0)


def test_the_jobs_of_two_events_run_in_alternation(event: Event, organizer: User, customer: User, monkeypatch):
    monkeypatch.setattr(cancel_bookings, "CHUNK", 1)
    small = factories.make_published_event(organizer)
    for _ in range(5):
        factories.make_booking(event, customer)
    factories.make_booking(small, customer)
    cancel(event)
    cancel(small)
    store_jobs()
    finished: list[str] = []
    real = jobs.advance

    def watched(job: EventJob) -> bool:
        moved = real(job)
        finished.extend(EventJob.objects.filter(pk=job.pk).exclude(finished_at=None).values_list("event_id", flat=True))
        return moved

    monkeypatch.setattr(jobs, "advance", watched)
    jobs.run_jobs()

    assert finished == [small.id, event.id]


def test_a_job_that_fails_does_not_stop_the_others(event: Event, organizer: User, customer: User):
    other = factories.make_published_event(organizer)
    for one in (event, other):
        factories.make_booking(one, customer)
        cancel(one)
    store_jobs()
    EventJob.objects.filter(event=event.id).update(data={})

    jobs.run_jobs()

    assert EventJob.objects.exclude(finished_at=None).get().event_id == other.id
    assert Lease.objects.get(pk=jobs.LEASE).until < now()


def test_an_event_with_many_jobs_does_not_fill_the_list(event: Event, organizer: User):
    other = factories.make_published_event(organizer)
    for number in range(jobs.AT_ONCE * 5):
        update_event(event_id=event.id, by=organizer.as_actor(), changes={"title": f"Title {number}"}, now=now())
    cancel(other)
    store_jobs()
    EventJob.objects.update(finished_at=None)

    assert [job.event_id for job in jobs.due_jobs()] == [event.id, other.id]
