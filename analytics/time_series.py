"""Figures over time, from the roll-ups: the cost follows the days that are asked for, not the bookings."""

from datetime import date
from typing import Any

from accounts.actors import Actor
from analytics.models import DailySales
from analytics.organizer_totals import money
from analytics.periods import Period, first_day
from analytics.sales import NOTHING, PLATFORM, Sales
from config.core.errors import NotFound
from events.models import Event


def organizer_series(organizer: Actor, period: Period, *, event_id: str | None = None) -> list[dict[str, Any]]:
    """Return an organizer's figures over time, or those of one of their events.

    Raises:
        NotFound: the event is not theirs.
    """
    if event_id is not None and not Event.objects.of(organizer).filter(pk=event_id).exists():
        raise NotFound
    return series(event_id or organizer.id, period)


def platform_series(period: Period) -> list[dict[str, Any]]:
    return series(PLATFORM, period)


def series(scope: str, period: Period) -> list[dict[str, Any]]:
    """Return ``[{date, bookings, tickets, revenue, cancellations}]``, a row an interval, zeros where nothing was sold.

    Only days of the period count, also where its first week or month began earlier.
    """
    sums = dict.fromkeys(period.steps(), NOTHING)
    for day, sales in DailySales.objects.of(scope).between(period.first, period.last).by_day().items():
        sums[first_day(date.fromisoformat(day), period.interval)] += sales
    return [row(step, sales) for step, sales in sums.items()]


def row(step: date, sales: Sales) -> dict[str, Any]:
    return {
        "date": step.isoformat(),
        "bookings": sales.bookings,
        "tickets": sales.tickets,
        "revenue": money(sales.revenue),
        "cancellations": sales.cancellations,
    }
