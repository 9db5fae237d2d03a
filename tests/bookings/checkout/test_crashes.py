"""A process is killed at each boundary of the protocol; recovery restores every rule."""

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
BEFORE_INSERT = ["before the claim", "after the claim"]
AFTER_INSERT = ["after the insert", "before the journal entries", "before the claim is removed"]
IN_RECOVERY = ["in recovery, before the tombstone", "in recovery, after the tombstone", "in recovery, before settling"]


def recover() -> list[recovery.EndedClaim]:
    return list(recovery.recover_stale_claims(now=after_the_horizon()))


@pytest.mark.parametrize("boundary", BEFORE_INSERT)
def test_killed_before_the_insert_there_is_no_booking(event: Event, boundary: str):
    assert killed("crash", event.id, boundary)

    recover()

    assert_seats_add_up(event, sold=0)
    assert (claims_of(event), confirmed_ids(), Entry.objects.filter(type="booking.created").count()) == ({}, set(), 0)


@pytest.mark.parametrize("boundary", AFTER_INSERT)
def test_killed_after_the_insert_the_booking_has_its_entry(event: Event, boundary: str):
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


def test_two_recoveries_at_once_end_each_claim_once(event: Event):
    assert killed("crash", event.id, "after the claim")
    assert killed("crash", event.id, "after the insert")

    run_all(("recover",), ("recover",))

    assert_seats_add_up(event, sold=2)
    assert Entry.objects.filter(type="booking.created").count() == 1


def test_a_claim_younger_than_the_horizon_is_not_ended(event: Event):
    assert killed("crash", event.id, "after the claim")
    (claim,) = claims_of(event).values()

    ended = list(recovery.recover_stale_claims(now=claim["at"].replace(tzinfo=None).astimezone()))  # type: ignore[index]  # a document

    assert ended == []
    assert len(claims_of(event)) == 1


def test_killed_at_random_under_load_no_answered_booking_is_lost(organizer: User):
    """A process that books from 8 threads is killed at a random moment, four times."""
    event = factories.make_published_event(organizer, total_seats=100_000)
    rng, answered = random.Random(7), set[str]()  # noqa: S311 - for a test

    for _ in range(4):
        process = spawn("book_until_killed", event.id)
        assert process.stdout is not None
        answered |= {process.stdout.readline().strip() for _ in range(rng.randint(5, 150))}
        process.send_signal(signal.SIGKILL)
        answered |= set(process.communicate()[0].split())
        recover()
        assert findings() == []

    complete = {booking_id for booking_id in answered if len(booking_id) == len("BK-00000000")}
    assert complete <= confirmed_ids()
    assert Entry.objects.filter(type="booking.created").count() == Booking.objects.confirmed().count()


def test_killed_inside_a_transaction_the_event_can_soon_be_booked(event: Event, customer: User):
    """MongoDB keeps the transaction of a dead client open, and bookings wait for what it wrote."""
    admin, lifetime = connection.connection.admin, "transactionLifetimeLimitSeconds"
    usual = admin.command("getParameter", **{lifetime: 1})[lifetime]
    admin.command("setParameter", **{lifetime: 1})

    try:
        assert killed("crash_in_transaction", event.id)
        factories.make_booking(event, customer)
    finally:
        admin.command("setParameter", **{lifetime: usual})

    assert_seats_add_up(event, sold=1)
    timeout = connection.settings_dict["OPTIONS"]["socketTimeoutMS"] / 1000
    assert usual * 1.5 <= timeout, "else the booking gives up first"
