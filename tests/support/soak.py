"""The soak: many processes do everything at once to a few events, then everything must add up.

    python -m config.launcher with-servers -- python -m tests.support.soak --operations 10000 --processes 4

Books, cancels, joins, accepts, declines, lets offers expire, adds and takes away seats, cancels events, recovers claims
and runs the jobs, in random order; the seed names the run. tests/support/soak_checks.py holds the checks at the end.
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
from bookings.waitlist import joining, offers  # noqa: E402 - Django first
from config.core.clock import now  # noqa: E402 - Django first
from config.core.errors import Refusal  # noqa: E402 - Django first
from events.editing import update_event  # noqa: E402 - Django first
from events.lifecycle import cancel_event  # noqa: E402 - Django first
from events.models import Event  # noqa: E402 - Django first
from journal.dispatch import dispatch  # noqa: E402 - Django first
from journal.handlers import HANDLERS  # noqa: E402 - Django first
from tests.support import factories, soak_checks  # noqa: E402 - Django first

THREADS = 6
WEIGHTS = {"book": 30, "cancel": 18, "join": 24, "accept": 10, "decline": 6, "expire": 4, "resize": 5, "tend": 3}


class Player:
    """One thread's dice and what it may do. A refusal is an outcome like any other; anything else ends the soak."""

    def __init__(self, seed: str, events: list[Event], guests: list[Actor]) -> None:
        self.dice, self.events, self.guests = random.Random(seed), events, guests  # noqa: S311 - a test's dice
        self.outcomes: Counter[str] = Counter()

    def play(self, moves: int) -> Counter[str]:
        for _ in range(moves):
            (name,) = self.dice.choices(list(WEIGHTS), weights=list(WEIGHTS.values()))
            try:
                getattr(self, name)(self.dice.choice(self.events), self.dice.choice(self.guests))
                self.outcomes[name] += 1
            except Refusal as refusal:
                self.outcomes[f"{name}: {refusal.code}"] += 1
        return self.outcomes

    def book(self, event: Event, guest: Actor) -> None:
        book_seats(event_id=event.id, customer=guest, qty=self.dice.randint(1, 5), now=now())

    def cancel(self, event: Event, guest: Actor) -> None:
        own = Booking.objects.confirmed().of(guest).values_list("pk", flat=True)[:5]
        if own:
            cancel_booking(booking_id=self.dice.choice(list(own)), by=guest, now=now())

    def join(self, event: Event, guest: Actor) -> None:
        joining.join_waitlist(event_id=event.id, customer=guest, qty=self.dice.randint(1, 5), now=now())

    def accept(self, event: Event, guest: Actor) -> None:
        place = self.offered()
        offers.accept_offer(event_id=place[0], customer=place[1], now=now()) if place else None

    def decline(self, event: Event, guest: Actor) -> None:
        place = self.offered()
        joining.leave_waitlist(event_id=place[0], customer=place[1], now=now()) if place else None

    def offered(self) -> tuple[str, Actor] | None:
        """Return an event and a customer whom it has seats held for."""
        open_offers = list(
            WaitlistEntry.documents.find({"status": "OFFERED"}, {"event_id": 1, "customer_id": 1}).limit(20)
        )
        if not open_offers:
            return None
        one = self.dice.choice(open_offers)
        return one["event_id"], Actor(id=one["customer_id"], name="Guest", role=CUSTOMER)

    def expire(self, event: Event, guest: Actor) -> None:
        """Let one offer's time be up."""
        past = {"$set": {"offer_expires_at": now() - timedelta(seconds=1)}}
        WaitlistEntry.documents.update_one({"event_id": event.id, "status": "OFFERED"}, past)
        list(offers.expire_offers(now=now()))

    def resize(self, event: Event, guest: Actor) -> None:
        total = max(1, factories.reload(event).total_seats + self.dice.randint(-6, 8))
        update_event(event_id=event.id, by=event.organizer.as_actor(), changes={"total_seats": total}, now=now())

    def tend(self, event: Event, guest: Actor) -> None:
        """What the worker does; and now and then an event is cancelled."""
        if self.dice.random() < 0.015:
            cancel_event(event_id=event.id, by=event.organizer.as_actor(), now=now())
        list(recovery.recover_stale_claims(now=now()))
        dispatch(self.dice.choice(sorted(set(HANDLERS) - {"mail", "account_mail"})))
        jobs.run_jobs()


def play(seed: str, moves: int) -> Counter[str]:
    """Play in this process, on the events and people that the first process made."""
    events = list(Event.objects.with_organizer().order_by("id"))
    guests = [user.as_actor() for user in User.objects.filter(role=CUSTOMER).order_by("id")]
    players = [Player(f"{seed}:{number}", events, guests) for number in range(THREADS)]
    with ThreadPoolExecutor(THREADS) as threads:
        outcomes = list(threads.map(lambda player: player.play(moves // THREADS), players))
    post_commit_worker.finish()
    return sum(outcomes, Counter())


def prepare(*, events: int, guests: int) -> None:
    organizer = factories.make_user("Olga Organizer", role="ORGANIZER")
    for number in range(events):
        factories.make_published_event(organizer, title=f"Event {number}", total_seats=20)
    for number in range(guests):
        factories.make_user(f"Guest {number}", role=CUSTOMER)


def run(*, operations: int, processes: int, seed: str) -> list[str]:
    """Soak an empty database and return what is wrong afterwards."""
    prepare(events=max(4, operations // 500), guests=40)
    command = [sys.executable, "-m", "tests.support.soak", "--play", str(operations // processes), "--seed"]
    players = [subprocess.Popen([*command, f"{seed}:{number}"], env=os.environ) for number in range(processes)]
    failed = [number for number, player in enumerate(players) if player.wait(timeout=3_000)]
    settle_down()
    return [*(f"player {number} failed" for number in failed), *soak_checks.faults()]


def settle_down() -> None:
    """Let the worker finish what the players left."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    later = now() + timedelta(minutes=5)
    list(recovery.recover_stale_claims(now=later))
    deadline = time.monotonic() + 300
    while soak_checks.undelivered() and time.monotonic() < deadline:
        for name in HANDLERS:
            dispatch(name)
        jobs.run_jobs()


def main() -> int:
    parser = argparse.ArgumentParser(description="Everything at once, then everything must add up.")
    parser.add_argument("--operations", type=int, default=10_000)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--seed", default=str(random.randrange(10**6)))  # noqa: S311 - a test's dice
    parser.add_argument("--play", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.play:
        outcomes = play(options.seed, options.play)
        print(f"player {options.seed}: " + ", ".join(f"{name} {count}" for name, count in sorted(outcomes.items())))
        return 0
    call_command("migrate", verbosity=0)
    print(f"seed {options.seed}: {options.operations} operations in {options.processes} processes ...", flush=True)
    started = time.monotonic()
    faults = run(operations=options.operations, processes=options.processes, seed=options.seed)
    print("\n".join(faults) or f"All is well: {soak_checks.summary()}, {time.monotonic() - started:.0f} s.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
