"""Sales over time, from the roll-ups: the cost grows with the days that are asked for, not with the bookings."""

from datetime import date
from typing import TypedDict

from accounts.actors import Actor
from analytics.models import DailySales
from analytics.money import money
from analytics.periods import Period, first_day
from analytics.sales import NOTHING, PLATFORM, Sales
from config.core.errors import NotFound
from events.models import Event


class SeriesRow(TypedDict):
    date: str
    bookings: int
    tickets: int
    revenue: str
    cancellations: int


def organizer_series(organizer: Actor, period: Period, *, event_id: str | None = None) -> list[SeriesRow]:
    """Return the sales of an organizer, or of one of their events.

    Raises:
        NotFound: the event is not theirs.
    """
    if event_id is not None and not Event.objects.of(organizer).filter(pk=event_id).exists():
        raise NotFound
    return series(event_id or organizer.id, period)


def platform_series(period: Period) -> list[SeriesRow]:
    return series(PLATFORM, period)


def series(scope: str, period: Period) -> list[SeriesRow]:
    """Return a row for each interval of the period, with zeros where nothing was sold.

    Only days of the period count, even if its first week or month began earlier.
    """
    sums = dict.fromkeys(period.intervals(), NOTHING)
    for day, sales in DailySales.objects.of(scope).between(period.first, period.last).by_day().items():
        sums[first_day(date.fromisoformat(day), period.interval)] += sales
    return [series_row(first, sales) for first, sales in sums.items()]


def series_row(first: date, sales: Sales) -> SeriesRow:
    return {
        "date": first.isoformat(),
        "bookings": sales.bookings,
        "tickets": sales.tickets,
        "revenue": money(sales.revenue),
        "cancellations": sales.cancellations,
    }
