"""Processes of their own that book, crash and recover: `python -m tests.support.booking_processes NAME ARGUMENTS`.

Each works on the database of the test that starts it and prints one JSON document. A crash is a real SIGKILL before
or after a step of the protocol, whose function is wrapped in this process only.
"""

import json
import os
import random
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from zlib import crc32

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django first

from accounts.actors import CUSTOMER, Actor  # noqa: E402 - Django first
from accounts.models import User  # noqa: E402 - Django first
from bookings import cancellation, services  # noqa: E402 - Django first
from bookings.checkout import post_commit_worker, recovery  # noqa: E402 - Django first
from bookings.models import Booking  # noqa: E402 - Django first
from bookings.seats import ledger, transactions  # noqa: E402 - Django first
from bookings.seats.refusals import SoldOut  # noqa: E402 - Django first
from config.core.clock import now  # noqa: E402 - Django first

BOUNDARIES: dict[str, tuple[Any, str, bool]] = {  # name -> module, function, whether it runs before the crash
    "before the claim": (ledger, "claim_seats", False),
    "after the claim": (ledger, "claim_seats", True),
    "after the insert": (ledger, "insert_bookings", True),
    "before the journal entries": (post_commit_worker, "append_all", False),
    "before the claim is removed": (ledger, "remove_claims", False),
    "in recovery, before the tombstone": (recovery, "insert_tombstones", False),
    "in recovery, after the tombstone": (recovery, "insert_tombstones", True),
    "in recovery, before settling": (recovery, "settle_claim", False),
}


def crash_at(boundary: str) -> None:
    module, name, runs_first = BOUNDARIES[boundary]
    real = getattr(module, name)

    def crashing(*args: Any, **kwargs: Any) -> None:
        if runs_first:
            real(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(module, name, crashing)


def customer(number: int) -> Actor:
    return Actor(id=f"USR-{os.getpid() % 10_000:04d}{number:04d}", name=f"Customer {number}", role=CUSTOMER)


def attempt(event_id: str, number: int, qty: int) -> dict[str, Any]:
    """Book once; return the booking's id, or how many seats were available."""
    try:
        booked = services.book_seats(event_id=event_id, customer=customer(number), qty=qty, now=now())
    except SoldOut as refusal:
        return {"qty": qty, "available": refusal.members["availableSeats"]}
    return {"qty": qty, "id": booked.representation["id"]}


def book(event_id: str, threads: str, attempts: str, max_qty: str = "1") -> list[dict[str, Any]]:
    """Book from many threads at once, quantities 1 to ``max_qty``."""
    rng = random.Random(os.getpid())  # noqa: S311 - for a test
    quantities = [rng.randint(1, int(max_qty)) for _ in range(int(attempts))]
    with ThreadPoolExecutor(int(threads)) as pool:
        outcomes = list(pool.map(lambda job: attempt(event_id, *job), enumerate(quantities)))
    post_commit_worker.post_commit_worker.finish()
    return outcomes


def book_unguarded(event_id: str, threads: str, attempts: str, max_qty: str = "1") -> list[dict[str, Any]]:
    """The negative control: the same without the condition on seats in the claim."""
    guarded: Callable[..., dict[str, Any]] = ledger.bookable
    unguarded = lambda *a, **k: {key: rule for key, rule in guarded(*a, **k).items() if key != "available_seats"}  # noqa: E731 - as short as the mistake
    ledger.bookable = unguarded
    return book(event_id, threads, attempts, max_qty)


def crash(event_id: str, boundary: str) -> None:
    crash_at(boundary)
    attempt(event_id, 1, 2)
    post_commit_worker.post_commit_worker.finish()


def cancel_own(event_id: str, part: str, parts: str, threads: str) -> int:
    """Cancel one part of the bookings, each for its customer; return how many."""
    registered = list(User.objects.values_list("pk", flat=True))
    found = Booking.objects.filter(event=event_id, customer__in=registered)
    own = [booking for booking in found if crc32(booking.pk.encode()) % int(parts) == int(part)]

    def cancel(booking: Booking) -> None:
        by = Actor(id=booking.customer_id, name="", role=CUSTOMER)
        cancellation.cancel_booking(booking_id=booking.pk, by=by, now=now())

    with ThreadPoolExecutor(int(threads)) as pool:
        return len(list(pool.map(cancel, own)))


def recover(boundary: str = "") -> list[dict[str, int]]:
    """End every claim as if the horizon had passed; crash at the boundary, if any."""
    if boundary:
        crash_at(boundary)
    later = now() + settings.CLAIM_HORIZON + timedelta(seconds=1)
    return [{"inserted": ended.inserted, "voided": ended.voided} for ended in recovery.recover_stale_claims(now=later)]


def crash_in_transaction(event_id: str) -> None:
    """Crash while a transaction has the event locked."""
    transactions.in_event_transaction(event_id, lambda _: os.kill(os.getpid(), signal.SIGKILL), now=now())


def book_until_killed(event_id: str) -> None:
    """Book from 8 threads and print the id of each booking, until this process is killed."""

    def go_on(number: int) -> None:
        for _ in range(10_000):
            outcome = attempt(event_id, number, 1)
            if "id" in outcome:
                os.write(1, (outcome["id"] + "\n").encode())

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(go_on, range(8)))


ROLES = {
    f.__name__: f for f in (book, book_unguarded, cancel_own, crash, recover, crash_in_transaction, book_until_killed)
}

if __name__ == "__main__":
    print(json.dumps(ROLES[sys.argv[1]](*sys.argv[2:])))  # type: ignore[operator]  # each has its own arguments
