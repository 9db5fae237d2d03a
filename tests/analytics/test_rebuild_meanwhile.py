"""Checking and repairing the roll-ups during bookings, cancellations and deliveries."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bson.decimal128 import Decimal128

from accounts.models import User
from bookings.checkout.post_commit_worker import post_commit_worker
from bookings.services import book_seats
from config.core.clock import now
from events.models import Event
from tests.support import factories
from tests.support.dated_bookings import book, cancel, deliver, figures, findings
from tests.support.rebuilding import falsify, run_rebuild


@contextmanager
def sales_going_on(event: Event, customer: User) -> Iterator[None]:
    """Run threads meanwhile: three book, one cancels what it booked, one delivers."""
    stop = threading.Event()

    def repeat(work) -> None:
        while not stop.is_set():
            work()

    def sell() -> None:
        book_seats(event_id=event.id, customer=customer.as_actor(), qty=1, now=now())

    def book_and_cancel() -> None:
        cancel(book(event, customer, day="2026-03-01"), day="2026-03-02")

    threads = [threading.Thread(target=repeat, args=(work,)) for work in (sell, sell, sell, book_and_cancel, deliver)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)


def test_checks_during_bookings_find_no_differences(organizer: User, customer: User):
    event = factories.make_published_event(organizer, total_seats=1_000_000)

    with sales_going_on(event, customer):
        checks = [findings() for _ in range(25)]

    post_commit_worker.finish()
    deliver()
    assert checks == [[]] * 25
    assert (findings(), figures(event.pk)["all"][0]) == ([], factories.reload(event).tickets_sold)


def test_repairs_during_bookings_leave_correct_figures(organizer: User, customer: User):
    event = factories.make_published_event(organizer, total_seats=1_000_000)
    book(event, customer, day="2026-03-01")
    deliver()

    with sales_going_on(event, customer):
        for _ in range(10):
            falsify("platform:all", bookings=3, revenue=Decimal128("9.99"))
            falsify(f"{event.pk}:2026-03-01", tickets=-2)
            run_rebuild()

    post_commit_worker.finish()
    deliver()
    assert findings() == []
