"""Bar charts drawn by the server: without scripts, in the colours of the theme, and as text too."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from analytics.time_series import SeriesRow

HEIGHT, STEP, BAR = 100.0, 10.0, 7.0  # in units of the drawing, which the page stretches


@dataclass(frozen=True, slots=True)
class Bar:
    """One day: its position in the drawing, and ``value``, the amount as text."""

    label: str
    value: str
    link: str
    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    title: str
    summary: str
    highest: str
    first: str
    last: str
    width: float
    bars: Sequence[Bar]


def by_day(
    title: str,
    rows: Iterable[SeriesRow],
    *,
    field: Literal["bookings", "revenue"],
    show: Callable[[Decimal], str],
    link: Callable[[date], str],
) -> Chart:
    """Return the chart of one field of a daily time series.

    Args:
        show: returns an amount as text.
        link: returns the address of the list behind a day.
    """
    amounts = [(date.fromisoformat(row["date"]), Decimal(row[field])) for row in rows]
    top = max((amount for _, amount in amounts), default=Decimal(0))
    bars = [make_bar(number, day, amount, top, show(amount), link(day)) for number, (day, amount) in enumerate(amounts)]
    return Chart(
        title=title,
        summary=summary(amounts, show),
        highest=show(top),
        first=bars[0].label,
        last=bars[-1].label,
        width=len(bars) * STEP,
        bars=bars,
    )


def make_bar(number: int, day: date, amount: Decimal, top: Decimal, value: str, link: str) -> Bar:
    height = round(float(amount / top) * HEIGHT, 2) if amount > 0 else 0.0
    x = number * STEP + (STEP - BAR) / 2
    return Bar(label=f"{day:%-d %b}", value=value, link=link, x=x, y=HEIGHT - height, height=height)


def summary(amounts: Sequence[tuple[date, Decimal]], show: Callable[[Decimal], str]) -> str:
    """Return in words what the bars show."""
    total = sum((amount for _, amount in amounts), Decimal(0))
    if not total:
        return "None in this period."
    day, most = max(amounts, key=lambda pair: pair[1])
    return f"{show(total)} in {len(amounts)} days; most on {day:%-d %B}: {show(most)}."
