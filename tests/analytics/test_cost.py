"""Reading figures costs the same with fifty times the bookings, according to MongoDB's own profiler."""

import itertools
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from bson.decimal128 import Decimal128
from django.db import connection

from accounts.models import User
from analytics import rollup_repair
from bookings.models import Booking
from bookings.seats.ledger import counters
from config.core.clock import now
from events.models import Event
from tests.support import factories
from tests.support.dated_bookings import at
from tests.support.event_documents import event_document
from tests.support.mongodb_profiler import ProfiledCommand, profiled

DAYS, A_DAY, FIFTY = 40, 2, 50
URLS = [
    "/api/analytics/me",
    "/api/analytics/me/timeseries",
    "/api/analytics/me/timeseries?from=2026-01-01&to=2026-12-31&interval=month",
    "/api/analytics/me/timeseries?eventId={event}",
    "/api/analytics/overview",
    "/api/analytics/revenue?interval=week",
    "/api/analytics/events",
    "/api/analytics/events?sort=-revenue",
]


numbers = itertools.count()


def sell(event: Event, customer: User, *, times: int) -> None:
    """Insert bookings of the last 40 days, some of them cancelled, and bring the roll-ups up to date."""
    days = [(now().date() - timedelta(days=number)) for number in range(DAYS)]
    documents = [booking(event, customer, day, number % 10 == 0) for day in days for number in range(A_DAY * times)]
    for document in documents:
        document["_id"] = f"BK-{next(numbers):08d}"
    Booking.documents.insert_many(documents)
    seats = sum(1 for document in documents if document["status"] == "CONFIRMED")
    connection.database["events_event"].update_one(
        {"_id": event.pk}, {"$inc": counters(seats=seats, price=event.price)}
    )
    for found in rollup_repair.check_rollups():
        rollup_repair.repair(found)


def booking(event: Event, customer: User, day: date, cancelled: bool) -> dict[str, Any]:
    moment = at(day.isoformat())
    return {
        "event_id": event.pk, "customer_id": customer.pk, "qty": 1, "unit_price": Decimal128("25.00"),
        "amount": Decimal128("25.00"), "status": "CANCELLED" if cancelled else "CONFIRMED", "created_at": moment,
        "cancelled_at": moment if cancelled else None, "checked_in_at": None,
    }  # fmt: skip


@pytest.fixture
def client_for(as_organizer, as_staff) -> Callable[[str], Any]:
    return lambda url: as_organizer if "/me" in url else as_staff


def commands_of(client: Any, url: str) -> list[ProfiledCommand]:
    with profiled() as commands:
        assert client.get(url).status_code == 200, url
    return [one for one in commands if "tokens_revoked_at" not in one.plan]  # revocations are read now and then


def cost(commands: list[ProfiledCommand]) -> list[tuple[str, int]]:
    return [(command.collection, command.documents) for command in commands]


@pytest.mark.parametrize("url", URLS)
def test_fifty_times_the_bookings_cost_the_same_reads(event: Event, customer: User, client_for, url: str):
    url = url.format(event=event.pk)
    sell(event, customer, times=1)
    before = commands_of(client_for(url), url)

    sell(event, customer, times=FIFTY - 1)
    after = commands_of(client_for(url), url)

    assert cost(after) == cost(before)
    assert "bookings_booking" not in {command.collection for command in after}


@pytest.mark.parametrize("url", [url for url in URLS if "timeseries" in url or "revenue?" in url])
def test_a_series_is_read_through_the_index(event: Event, customer: User, client_for, url: str):
    sell(event, customer, times=1)

    plans = [command.plan for command in commands_of(client_for(url), url.format(event=event.pk))]

    assert {plan.split()[0] for plan in plans} == {"IXSCAN"}


def test_a_series_reads_one_roll_up_for_each_day(event: Event, customer: User, as_staff):
    sell(event, customer, times=1)

    (command,) = commands_of(as_staff, "/api/analytics/revenue")

    assert (command.collection, command.documents) == ("analytics_dailysales", 30)


def test_the_overview_reads_one_roll_up_and_counts_index_keys(event: Event, customer: User, as_staff):
    sell(event, customer, times=1)

    commands = commands_of(as_staff, "/api/analytics/overview")

    assert {(command.collection, command.documents) for command in commands} == {
        ("accounts_user", 0), ("events_event", 0), ("analytics_dailysales", 1), ("bookings_waitlistentry", 0),
    }  # fmt: skip
    assert {command.plan.split()[0] for command in commands if command.collection == "accounts_user"} == {"COUNT_SCAN"}


@pytest.mark.parametrize("sort", ["tickets", "-tickets", "revenue", "-revenue"])
def test_a_page_of_the_ranking_reads_only_that_page(organizer: User, as_staff, sort: str):
    events = [event_document(number, organizer, now()) for number in range(2_000)]
    connection.database["events_event"].insert_many(events)

    for page in (1, 90):
        count, read = commands_of(as_staff, f"/api/analytics/events?sort={sort}&page={page}")

        assert (count.documents, read.sorts_in_memory) == (0, False)
        assert read.documents <= 60, read  # 20 events and their organizers, and a few keys for each of the states


def test_the_helper_sells_the_seats_that_it_inserts(event: Event, customer: User):
    sell(event, customer, times=1)

    assert factories.reload(event).tickets_sold == DAYS * A_DAY - DAYS
