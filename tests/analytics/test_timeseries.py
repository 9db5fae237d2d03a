"""GET /api/analytics/me/timeseries and, for the whole platform, GET /api/analytics/revenue."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import User
from analytics.periods import Interval, Period, first_day
from config.core.clock import now
from events.models import Event
from tests.support import factories
from tests.support.bad_input import NUL, faulty_fields, is_problem
from tests.support.dated_bookings import book, cancel, deliver

MINE, PLATFORM = "/api/analytics/me/timeseries", "/api/analytics/revenue"
MARCH = {"from": "2026-03-01", "to": "2026-03-31"}


def row(day: str, bookings: int = 0, tickets: int = 0, revenue: str = "0.00", cancellations: int = 0) -> dict[str, Any]:
    return {
        "date": day, "bookings": bookings, "tickets": tickets, "revenue": revenue, "cancellations": cancellations,
    }  # fmt: skip


@pytest.fixture
def sold(event: Event, customer: User) -> Event:
    """Sold on Sunday 1 March, on Monday 2 March, and in April; one of Monday's was cancelled on the Wednesday."""
    book(event, customer, day="2026-03-01", qty=2)
    book(event, customer, day="2026-03-02", qty=1)
    cancel(book(event, customer, day="2026-03-02", qty=3), day="2026-03-04")
    book(event, customer, day="2026-04-10", qty=1)
    deliver()
    return event


@pytest.mark.parametrize("url", [MINE, PLATFORM])
def test_every_day_has_a_row_with_zeros_without_sales(sold: Event, as_organizer, as_staff, url: str):
    client = as_organizer if url == MINE else as_staff

    assert client.get(url, {"from": "2026-02-28", "to": "2026-03-04"}).json() == [
        row("2026-02-28"),
        row("2026-03-01", 1, 2, "50.00"),
        row("2026-03-02", 1, 1, "25.00"),
        row("2026-03-03"),
        row("2026-03-04", cancellations=1),
    ]


@pytest.mark.parametrize("url", [MINE, PLATFORM])
def test_weeks_begin_on_monday(sold: Event, as_organizer, as_staff, url: str):
    client = as_organizer if url == MINE else as_staff

    assert client.get(url, {"from": "2026-03-01", "to": "2026-03-09", "interval": "week"}).json() == [
        row("2026-02-23", 1, 2, "50.00"),
        row("2026-03-02", 1, 1, "25.00", 1),
        row("2026-03-09"),
    ]


@pytest.mark.parametrize("url", [MINE, PLATFORM])
def test_months_have_the_date_of_their_first_day(sold: Event, as_organizer, as_staff, url: str):
    client = as_organizer if url == MINE else as_staff

    assert client.get(url, {"from": "2026-03-02", "to": "2026-05-01", "interval": "month"}).json() == [
        row("2026-03-01", 1, 1, "25.00", 1),
        row("2026-04-01", 1, 1, "25.00"),
        row("2026-05-01"),
    ]


@pytest.mark.parametrize("url", [MINE, PLATFORM])
def test_without_query_the_last_30_days_are_returned(event: Event, customer: User, as_organizer, as_staff, url: str):
    client, today = as_organizer if url == MINE else as_staff, now().date()
    book(event, customer, day=today.isoformat())
    book(event, customer, day=(today - timedelta(days=29)).isoformat(), qty=2)
    book(event, customer, day=(today - timedelta(days=30)).isoformat(), qty=4)
    deliver()

    rows = client.get(url).json()

    assert [row["date"] for row in (rows[0], rows[-1])] == [(today - timedelta(29)).isoformat(), today.isoformat()]
    assert ([row["tickets"] for row in (rows[0], rows[-1])], len(rows)) == ([2, 1], 30)


def test_with_only_a_last_day_the_30_days_up_to_it_are_returned(sold: Event, as_organizer):
    rows = as_organizer.get(MINE, {"to": "2026-03-30"}).json()

    assert (rows[0], len(rows)) == (row("2026-03-01", 1, 2, "50.00"), 30)


def test_event_id_limits_the_series_to_one_event(sold: Event, organizer: User, customer: User, as_organizer):
    other = factories.make_published_event(organizer, price="1.00")
    book(other, customer, day="2026-03-01", qty=5)
    deliver()
    day = {"from": "2026-03-01", "to": "2026-03-01"}

    assert as_organizer.get(MINE, day).json() == [row("2026-03-01", 2, 7, "55.00")]
    assert as_organizer.get(MINE, {**day, "eventId": other.pk}).json() == [row("2026-03-01", 1, 5, "5.00")]


def test_sums_of_the_series_equal_the_totals(sold: Event, as_organizer):
    totals = as_organizer.get("/api/analytics/me").json()

    for interval in Interval:
        query = {"from": "2026-01-01", "to": "2026-12-31", "interval": interval}
        rows = as_organizer.get(MINE, query).json()
        assert sum(row["tickets"] for row in rows) == totals["ticketsSold"]
        assert f"{sum(Decimal(row['revenue']) for row in rows)}" == totals["totalRevenue"]


def test_the_platform_series_sums_over_all_organizers(sold: Event, stranger: User, customer: User, as_staff):
    book(factories.make_published_event(stranger, price="1.00"), customer, day="2026-03-01")
    deliver()

    rows = as_staff.get(PLATFORM, {"from": "2026-03-01", "to": "2026-03-01"}).json()

    assert rows == [row("2026-03-01", 2, 3, "51.00")]


def test_a_stranger_gets_zeros(sold: Event, as_stranger):
    assert {row["bookings"] for row in as_stranger.get(MINE, MARCH).json()} == {0}


@pytest.mark.parametrize("event_id", ["EVT-NOWHERE0", "platform", "USR-00000000", "all", "EVT-00000000:all"])
def test_an_unknown_event_is_answered_404(sold: Event, as_organizer, event_id: str):
    assert is_problem(as_organizer.get(MINE, {**MARCH, "eventId": event_id}), 404, "not_found")


def test_an_event_of_someone_else_is_answered_404(sold: Event, as_stranger):
    assert is_problem(as_stranger.get(MINE, {**MARCH, "eventId": sold.pk}), 404, "not_found")


def test_the_own_series_is_for_organizers_only(anonymous, as_customer, as_staff):
    assert is_problem(anonymous.get(MINE), 401, "unauthorized")
    assert is_problem(as_customer.get(MINE), 403, "forbidden")
    assert is_problem(as_staff.get(MINE), 403, "forbidden")


def test_the_platform_series_is_for_staff_only(anonymous, as_customer, as_organizer):
    assert is_problem(anonymous.get(PLATFORM), 401, "unauthorized")
    assert is_problem(as_customer.get(PLATFORM), 403, "forbidden")
    assert is_problem(as_organizer.get(PLATFORM), 403, "forbidden")


@pytest.mark.parametrize("url", [MINE, PLATFORM])
@pytest.mark.parametrize("field", ["from", "to"])
@pytest.mark.parametrize(
    "value",
    ["x", "2026-13-01", "2026-02-30", "20260301", "2026-3-1", "2026-W09-7", "2026-060", "2026-03-01T00:00:00Z",
     "\u0662026-03-01", " 2026-03-01", "2026-03-01\n", "1999-12-31", "2200-01-01", "0000-00-00", NUL, "1" * 500],
)  # fmt: skip
def test_an_invalid_day_is_named_in_the_400(as_organizer, as_staff, url: str, field: str, value: str):
    client = as_organizer if url == MINE else as_staff

    assert faulty_fields(client.get(url, {field: value})) == {field}


@pytest.mark.parametrize("url", [MINE, PLATFORM])
@pytest.mark.parametrize("value", ["year", "DAY", "days", NUL])
def test_an_unknown_interval_is_named_in_the_400(as_organizer, as_staff, url: str, value: str):
    client = as_organizer if url == MINE else as_staff

    assert faulty_fields(client.get(url, {"interval": value})) == {"interval"}


@pytest.mark.parametrize("url", [MINE, PLATFORM])
@pytest.mark.parametrize(
    "query",
    [{"from": "2026-03-02", "to": "2026-03-01"}, {"from": "2199-12-31"}, {"from": "2016-03-01", "to": "2026-03-09"}],
)
def test_a_reversed_or_too_long_period_is_refused(as_organizer, as_staff, url: str, query: dict[str, str]):
    client = as_organizer if url == MINE else as_staff

    assert faulty_fields(client.get(url, query)) == {"from"}


@pytest.mark.parametrize("value", [NUL, "x" * 65])
def test_an_invalid_event_id_is_named_in_the_400(as_organizer, value: str):
    assert faulty_fields(as_organizer.get(MINE, {"eventId": value})) == {"eventId"}


def test_a_period_of_ten_years_is_returned(as_organizer):
    rows = as_organizer.get(MINE, {"from": "2016-03-01", "to": "2026-03-08"}).json()

    assert len(rows) == 3660


@pytest.mark.parametrize("url", [MINE, PLATFORM])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_writing_methods_are_answered_405(as_organizer, as_staff, url: str, method: str):
    client = as_organizer if url == MINE else as_staff

    assert is_problem(getattr(client, method)(url), 405, "method_not_allowed")


@pytest.mark.no_database
@pytest.mark.parametrize("interval", list(Interval))
def test_every_day_belongs_to_an_interval(interval: Interval):
    period = Period(date(2023, 12, 30), date(2025, 1, 2), interval)

    days = [period.first + timedelta(days=number) for number in range(period.days)]

    assert sorted({first_day(day, interval) for day in days}) == list(period.intervals())
