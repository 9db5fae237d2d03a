"""The waitlist of a cancelled event is closed."""

import pytest

from accounts.models import User
from bookings.bulk import cancel_bookings, change_notices, jobs
from bookings.models import EventJob, WaitlistEntry
from bookings.waitlist import entries, leaving
from bookings.waitlist.joining import join_waitlist
from config.core.clock import now
from events.editing import update_event
from events.models import Event
from tests.support import factories
from tests.support.event_jobs import cancel, customers_notified, only_job, run_jobs, store_jobs
from tests.support.seat_ledger import assert_seats_add_up


def test_entries_and_offers_expire_with_a_notice(event: Event, customer: User):
    first, second = factories.make_customers(2)
    factories.make_booking(event, customer, qty=10)
    for guest in (first, second):
        join_waitlist(event_id=event.id, customer=guest.as_actor(), qty=2, now=now())
    update_event(event_id=event.id, by=event.organizer.as_actor(), changes={"total_seats": 12}, now=now())
    cancel(event)

    run_jobs()

    assert list(WaitlistEntry.objects.values_list("status", flat=True)) == ["EXPIRED", "EXPIRED"]
    assert customers_notified() == sorted([customer.id, first.id, second.id])
    after = factories.reload(event)
    assert (after.held_seats, after.waitlist_length, after.available_seats) == (0, 0, 12)
    assert_seats_add_up(event)


def test_a_long_waitlist_is_closed_in_chunks(event: Event, customer: User, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(entries, "CHUNK", 2)
    factories.make_booking(event, customer, qty=10)
    waiting = factories.make_customers(5)
    for guest in waiting:
        join_waitlist(event_id=event.id, customer=guest.as_actor(), qty=2, now=now())
    cancel(event)
    store_jobs()
    progress = []

    for _ in range(3):
        jobs.advance(only_job())
        progress.append((len(customers_notified()), WaitlistEntry.objects.filter(status="EXPIRED").count()))

    assert progress == [(2, 2), (4, 4), (5, 5)]


def test_an_entry_that_moves_into_a_chunk_is_left_for_the_next(event: Event, customer: User, monkeypatch):
    """The first customer leaves after the notices of the chunk and before it is closed: nobody may take the place."""
    monkeypatch.setattr(entries, "CHUNK", 2)
    factories.make_booking(event, customer, qty=10)
    waiting = factories.make_customers(3)
    for guest in waiting:
        join_waitlist(event_id=event.id, customer=guest.as_actor(), qty=2, now=now())
    cancel(event)
    store_jobs()
    real = change_notices.write_notices

    def leave_afterwards(job: EventJob, customers: object, **options: object) -> None:
        real(job, customers, **options)  # type: ignore[arg-type]  # as they came
        monkeypatch.setattr(cancel_bookings, "write_notices", real)
        leaving.leave_waitlist(event_id=event.id, customer=waiting[0].as_actor(), now=now())

    monkeypatch.setattr(cancel_bookings, "write_notices", leave_afterwards)
    jobs.advance(only_job())

    assert WaitlistEntry.objects.get(customer=waiting[2].id).status == "WAITING"
    run_jobs()
    assert customers_notified() == sorted([customer.id, *(guest.id for guest in waiting)])
