"""Cold paths: whatever moves seats besides a booking, one at a time for each event.

A transaction here begins by counting up the event's ``turns``. From that write until it commits no other
transaction can have the event, so what a turn reads of its bookings and its waitlist stays true; and bookings,
which need no transaction, wait for the moment in which its counters are written. Seats that become free in a turn
are offered to those who wait in the same turn: nobody who comes later can be quicker.
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
LOCK_SECONDS = 10.0  # seconds in the line of threads, so that one stuck event cannot have all of them
T = TypeVar("T")

_lines = [threading.Lock() for _ in range(64)]


def in_event_transaction(event_id: str, work: Callable[[LockedEvent], T], *, now: datetime) -> T:
    """Run ``work`` on the event alone; offer what it freed; write all of it or nothing.

    ``work`` may run more than once and must have no effect outside the database.

    Raises:
        NotFound: no such event.  Unavailable: too many want this event at once.  Whatever ``work`` raises.
    """
    # Threads of this process wait here, not in MongoDB, where each would cost the others a lost attempt.
    with queued(_lines[hash(event_id) % len(_lines)]):
        return run_in_transaction(lambda: in_running_transaction(event_id, work, now=now), attempts=ATTEMPTS)


@contextmanager
def queued(line: threading.Lock) -> Iterator[None]:
    if not line.acquire(timeout=LOCK_SECONDS):
        raise Unavailable("Too many want this event at once: try again in a moment.")
    try:
        yield
    finally:
        line.release()


def in_running_transaction(event_id: str, work: Callable[[LockedEvent], T], *, now: datetime) -> T:
    """The same inside a transaction that is running already."""
    turn = lock_event(event_id, now=now)
    result = work(turn)
    offer_free_seats(turn)
    turn.write()
    return result
