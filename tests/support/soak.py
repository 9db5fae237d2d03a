"""The soak: many processes do everything at once to a few events, then everything must add up.

    python -m config.launcher with-servers -- python -m tests.support.soak --operations 10000 --processes 4

It books, cancels, joins waitlists, accepts and declines offers, lets offers expire, changes numbers of seats, cancels
events, recovers claims and runs jobs, in random order; the seed identifies the run. The checks at the end are in
tests/support/soak_checks.py.
"""

import argparse
import os
import random
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django first
from django.core.management import call_command  # noqa: E402 - Django first

from accounts.actors import CUSTOMER, Actor  # noqa: E402 - Django first
from accounts.models import User  # noqa: E402 - Django first
from bookings.bulk import jobs  # noqa: E402 - Django first
from bookings.cancellation import cancel_booking  # noqa: E402 - Django first
from bookings.checkout import recovery  # noqa: E402 - Django first
from bookings.checkout.post_commit_worker import post_commit_worker  # noqa: E402 - Django first
from bookings.models import Booking, WaitlistEntry  # noqa: E402 - Django first
from bookings.services import book_seats  # noqa: E402 - Django first
from bookings.waitlist import joining, leaving, offers  # noqa: E402 - Django first
from config.core.clock import now  # noqa: E402 - Django first
from config.core.errors import Refusal  # noqa: E402 - Django first
from events.editing import update_event  # noqa: E402 - Django first
from events.lifecycle import cancel_event  # noqa: E402 - Django first
from events.models import Event  # noqa: E402 - Django first
from journal.dispatch import dispatch  # noqa: E402 - Django first
from journal.handlers import HANDLERS  # noqa: E402 - Django first
from tests.support import factories, soak_checks  # noqa: E402 - Django first

THREADS = 6
WEIGHTS = {"book": 30, "cancel": 18, "join": 24, "accept": 10, "decline": 6, "expire": 4, "resize": 5, "work": 3}


class Actions:
    """The random actions of one thread. A refusal is an outcome like any other; other errors end the soak."""

    def __init__(self, seed: str, events: list[Event], customers: list[Actor]) -> None:
        self.rng, self.events, self.customers = random.Random(seed), events, customers  # noqa: S311 - for a test
        self.outcomes: Counter[str] = Counter()

    def run(self, count: int) -> Counter[str]:
        for _ in range(count):
            (name,) = self.rng.choices(list(WEIGHTS), weights=list(WEIGHTS.values()))
            try:
                getattr(self, name)(self.rng.choice(self.events), self.rng.choice(self.customers))
                self.outcomes[name] += 1
            except Refusal as refusal:
                self.outcomes[f"{name}: {refusal.code}"] += 1
        return self.outcomes

    def book(self, event: Event, customer: Actor) -> None:
        book_seats(event_id=event.id, customer=customer, qty=self.rng.randint(1, 5), now=now())

    def cancel(self, event: Event, customer: Actor) -> None:
        own = Booking.objects.confirmed().of(customer).values_list("pk", flat=True)[:5]
        if own:
            cancel_booking(booking_id=self.rng.choice(list(own)), by=customer, now=now())

    def join(self, event: Event, customer: Actor) -> None:
        joining.join_waitlist(event_id=event.id, customer=customer, qty=self.rng.randint(1, 5), now=now())

    def accept(self, event: Event, customer: Actor) -> None:
        if offer := self.open_offer():
            offers.accept_offer(event_id=offer[0], customer=offer[1], now=now())

    def decline(self, event: Event, customer: Actor) -> None:
        if offer := self.open_offer():
            leaving.leave_waitlist(event_id=offer[0], customer=offer[1], now=now())

    def open_offer(self) -> tuple[str, Actor] | None:
        """Return the event and the customer of an open offer."""
        open_offers = list(
            WaitlistEntry.documents.find({"status": "OFFERED"}, {"event_id": 1, "customer_id": 1}).limit(20)
        )
        if not open_offers:
            return None
        offer = self.rng.choice(open_offers)
        return offer["event_id"], Actor(id=offer["customer_id"], name="Customer", role=CUSTOMER)

    def expire(self, event: Event, customer: Actor) -> None:
        """Expire one offer."""
        past = {"$set": {"offer_expires_at": now() - timedelta(seconds=1)}}
        WaitlistEntry.documents.update_one({"event_id": event.id, "status": "OFFERED"}, past)
        list(offers.expire_offers(now=now()))

    def resize(self, event: Event, customer: Actor) -> None:
        total = max(1, factories.reload(event).total_seats + self.rng.randint(-6, 8))
        update_event(event_id=event.id, by=event.organizer.as_actor(), changes={"total_seats": total}, now=now())

    def work(self, event: Event, customer: Actor) -> None:
        """Do what the worker does, and sometimes cancel an event."""
        if self.rng.random() < 0.015:
            cancel_event(event_id=event.id, by=event.organizer.as_actor(), now=now())
        list(recovery.recover_stale_claims(now=now()))
        dispatch(self.rng.choice(sorted(set(HANDLERS) - {"mail", "account_mail"})))
        jobs.run_jobs()


def act(seed: str, count: int) -> Counter[str]:
    """Run actions in this process, on the events and users that the first process made."""
    events = list(Event.objects.with_organizer().order_by("id"))
    customers = [user.as_actor() for user in User.objects.filter(role=CUSTOMER).order_by("id")]
    actions = [Actions(f"{seed}:{number}", events, customers) for number in range(THREADS)]
    with ThreadPoolExecutor(THREADS) as threads:
        outcomes = list(threads.map(lambda one: one.run(count // THREADS), actions))
    post_commit_worker.finish()
    return sum(outcomes, Counter())


def prepare(*, events: int, customers: int) -> None:
    organizer = factories.make_user("Olga Organizer", role="ORGANIZER")
    for number in range(events):
        factories.make_published_event(organizer, title=f"Event {number}", total_seats=20)
    for number in range(customers):
        factories.make_user(f"Customer {number}", role=CUSTOMER)


def run(*, operations: int, processes: int, seed: str) -> list[str]:
    """Run the soak on an empty database; return what is wrong afterwards."""
    prepare(events=max(4, operations // 500), customers=40)
    command = [sys.executable, "-m", "tests.support.soak", "--act", str(operations // processes), "--seed"]
    running = [subprocess.Popen([*command, f"{seed}:{number}"], env=os.environ) for number in range(processes)]
    failed = [number for number, process in enumerate(running) if process.wait(timeout=3_000)]
    finish()
    return [*(f"process {number} failed" for number in failed), *soak_checks.faults()]


def finish() -> None:
    """Do the work that is left for the worker."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    later = now() + timedelta(minutes=5)
    list(recovery.recover_stale_claims(now=later))
    deadline = time.monotonic() + 300
    while soak_checks.count_undelivered() and time.monotonic() < deadline:
        for name in HANDLERS:
            dispatch(name)
        jobs.run_jobs()


def main() -> int:
    parser = argparse.ArgumentParser(description="Do everything at once; then everything must add up.")
    parser.add_argument("--operations", type=int, default=10_000)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--seed", default=str(random.randrange(10**6)))  # noqa: S311 - for a test
    parser.add_argument("--act", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.act:
        outcomes = act(options.seed, options.act)
        print(f"process {options.seed}: " + ", ".join(f"{name} {count}" for name, count in sorted(outcomes.items())))
        return 0
    call_command("migrate", verbosity=0)
    print(f"seed {options.seed}: {options.operations} operations in {options.processes} processes ...", flush=True)
    started = time.monotonic()
    faults = run(operations=options.operations, processes=options.processes, seed=options.seed)
    print("\n".join(faults) or f"All is well: {soak_checks.summary()}, {time.monotonic() - started:.0f} s.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
