"""A process dies at each boundary of the protocol; recovery puts everything right."""

import random
import signal

import pytest
from django.db import connection

from accounts.models import User
from bookings.checkout import recovery
from bookings.models import Booking
from events.models import Event
from journal.models import Entry
from tests.support import factories
from tests.support.processes import killed, run_all, spawn
from tests.support.seat_ledger import after_the_horizon, assert_seats_add_up, claims_of, confirmed_ids, findings

pytestmark = pytest.mark.processes
LOST = ["before the claim", "after the claim"]
STANDING = ["after the insert", "before the journal", "before the claim is removed"]
IN_RECOVERY = ["in recovery, before the tombstone", "in recovery, after the tombstone", "in recovery, before settling"]


def recover() -> list[recovery.EndedClaim]:
    return list(recovery.recover_stale_claims(now=after_the_horizon()))


@pytest.mark.parametrize("boundary", LOST)
def test_killed_before_the_insert_the_booking_never_was(event: Event, boundary: str):
    assert killed("crash", event.id, boundary)

    recover()

    assert_seats_add_up(event, sold=0)
    assert (claims_of(event), confirmed_ids(), Entry.objects.filter(type="booking.created").count()) == ({}, set(), 0)


@pytest.mark.parametrize("boundary", STANDING)
def test_killed_after_the_insert_the_booking_stands_with_its_journal(event: Event, boundary: str):
    assert killed("crash", event.id, boundary)

    recover()

    assert_seats_add_up(event, sold=2)
    (booking_id,) = confirmed_ids()
    assert claims_of(event) == {}
    assert list(Entry.objects.filter(type="booking.created").values_list("subject", flat=True)) == [booking_id]


@pytest.mark.parametrize("boundary", IN_RECOVERY)
@pytest.mark.parametrize(("crash", "sold"), [("after the claim", 0), ("after the insert", 2)])
def test_killed_in_recovery_the_next_recovery_finishes(event: Event, crash: str, sold: int, boundary: str):
    assert killed("crash", event.id, crash)
    assert killed("recover", boundary)

    recover()

    assert_seats_add_up(event, sold=sold)
    assert claims_of(event) == {}


def test_two_recoveries_at_once_agree(event: Event):
    assert killed("crash", event.id, "after the claim")
    assert killed("crash", event.id, "after the insert")

    run_all(("recover",), ("recover",))

    assert_seats_add_up(event, sold=2)
    assert Entry.objects.filter(type="booking.created").count() == 1


def test_a_claim_younger_than_the_horizon_is_left_alone(event: Event):
    assert killed("crash", event.id, "after the claim")
    (claim,) = claims_of(event).values()

    ended = list(recovery.recover_stale_claims(now=claim["at"].replace(tzinfo=None).astimezone()))  # type: ignore[index]  # a document

    assert ended == []
    assert len(claims_of(event)) == 1


def test_killed_at_random_under_load_nothing_answered_is_lost(organizer: User):
    """Rounds of a process that books from 8 threads and is killed at a moment of the dice."""
    event = factories.make_published_event(organizer, total_seats=100_000)
    dice, answered = random.Random(7), set[str]()  # noqa: S311 - a test's dice

    for _ in range(4):
        process = spawn("book_until_killed", event.id)
        assert process.stdout is not None
        answered |= {process.stdout.readline().strip() for _ in range(dice.randint(5, 150))}
        process.send_signal(signal.SIGKILL)
        answered |= set(process.communicate()[0].split())
        recover()
        assert findings() == []

    whole = {booking_id for booking_id in answered if len(booking_id) == len("BK-00000000")}
    assert whole <= confirmed_ids()
    assert Entry.objects.filter(type="booking.created").count() == Booking.objects.confirmed().count()


def test_killed_inside_a_turn_its_event_can_soon_be_booked_again(event: Event, customer: User):
    """MongoDB keeps the transaction of a dead client open, and bookings wait for what it wrote."""
    admin, lifetime = connection.connection.admin, "transactionLifetimeLimitSeconds"
    usual = admin.command("getParameter", **{lifetime: 1})[lifetime]
    admin.command("setParameter", **{lifetime: 1})

    try:
        assert killed("die_in_turn", event.id)
        factories.make_booking(event, customer)
    finally:
        admin.command("setParameter", **{lifetime: usual})

    assert_seats_add_up(event, sold=1)
    patience = connection.settings_dict["OPTIONS"]["socketTimeoutMS"] / 1000
    assert usual * 1.5 <= patience, "else the booking gives up first"
