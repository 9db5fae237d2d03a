"""Proving and repairing the figures by day while bookings, cancellations and deliveries go on."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bson.decimal128 import Decimal128

from accounts.models import User
from bookings.checkout.post_commit_worker import post_commit_worker
from bookings.services import book_seats
from config.core.clock import now
from events.models import Event
from tests.analytics.test_rebuild import forge, run
from tests.support import factories
from tests.support.dated_bookings import book, cancel, deliver, figures, findings


@contextmanager
def sales_going_on(event: Event, customer: User) -> Iterator[None]:
    """Threads book, one cancels what it booked, one delivers."""
    stop = threading.Event()

    def repeat(work) -> None:
        while not stop.is_set():
            work()

    def sell() -> None:
        book_seats(event_id=event.id, customer=customer.as_actor(), qty=1, now=now())

    def change_minds() -> None:
        cancel(book(event, customer, day="2026-03-01"), day="2026-03-02")

    threads = [threading.Thread(target=repeat, args=(work,)) for work in (sell, sell, sell, change_minds, deliver)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)


def test_stays_right_while_bookings_go_on(organizer: User, customer: User):
    event = factories.make_published_event(organizer, total_seats=1_000_000)

    with sales_going_on(event, customer):
        seen = [findings() for _ in range(25)]

    post_commit_worker.finish()
    deliver()
    assert seen == [[]] * 25
    assert (findings(), figures(event.pk)["all"][0]) == ([], factories.reload(event).tickets_sold)


def test_repairs_while_bookings_go_on(organizer: User, customer: User):
    event = factories.make_published_event(organizer, total_seats=1_000_000)
    book(event, customer, day="2026-03-01")
    deliver()

    with sales_going_on(event, customer):
        for _ in range(10):
            forge("platform:all", bookings=3, revenue=Decimal128("9.99"))
            forge(f"{event.pk}:2026-03-01", tickets=-2)
            run()

    post_commit_worker.finish()
    deliver()
    assert findings() == []
