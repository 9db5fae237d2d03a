"""Transactions that move seats: everything but a booking, one at a time for each event.

Each begins by counting up the event's ``seat_transactions``. From that write until it commits no other transaction can
change the event, so what it read of bookings and waitlist stays valid. Bookings use no transaction; MongoDB lets them
wait for the moment in which the counters are written. Seats that become free are offered to waiting customers in the
same transaction: no later customer can book them first.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

from bookings.seats.locked_event import LockedEvent, lock_event
from bookings.seats.offer_selection import offer_free_seats
from config.core.errors import Unavailable
from config.mongo.transactions import run_in_transaction

ATTEMPTS = 60  # each waits at most a quarter of a second
LOCK_SECONDS = 10.0  # a thread waits for an event no longer, so that one stuck event cannot take all threads
T = TypeVar("T")

_locks = [threading.Lock() for _ in range(64)]


def in_event_transaction(event_id: str, work: Callable[[LockedEvent], T], *, now: datetime) -> T:
    """Run ``work`` on the locked event; offer the seats that it freed; write all of it or nothing.

    ``work`` may run more than once and must have no effect outside the database.

    Raises:
        NotFound: no such event.  Unavailable: too many threads want this event.  Whatever ``work`` raises.
    """
    # Threads of this process wait here, not in MongoDB, where each would cost the others a lost attempt.
    with acquired(_locks[hash(event_id) % len(_locks)]):
        return run_in_transaction(lambda: in_running_transaction(event_id, work, now=now), attempts=ATTEMPTS)


@contextmanager
def acquired(lock: threading.Lock) -> Iterator[None]:
    if not lock.acquire(timeout=LOCK_SECONDS):
        raise Unavailable("Too many requests for this event at once. Please try again in a moment.")
    try:
        yield
    finally:
        lock.release()


def in_running_transaction(event_id: str, work: Callable[[LockedEvent], T], *, now: datetime) -> T:
    """The same inside a transaction that is running already."""
    event = lock_event(event_id, now=now)
    result = work(event)
    offer_free_seats(event)
    event.write()
    return result
