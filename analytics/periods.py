"""The period of a time series and its intervals: days, weeks or months."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

LONGEST_DAYS = 3_660
DEFAULT_DAYS = 30
DAY = timedelta(days=1)


class Interval(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """The days from ``first`` to ``last``, both inclusive, divided into intervals."""

    first: date
    last: date
    interval: Interval

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def intervals(self) -> Iterator[date]:
        """Yield the first day of each interval that has a day of the period."""
        first = first_day(self.first, self.interval)
        while first <= self.last:
            yield first
            first = next_interval(first, self.interval)


def first_day(day: date, interval: Interval) -> date:
    """Return the first day of the interval that a day belongs to; weeks begin on Monday.

    >>> first_day(date(2026, 11, 21), Interval.WEEK)
    datetime.date(2026, 11, 16)
    """
    if interval == Interval.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if interval == Interval.MONTH else day


def next_interval(first: date, interval: Interval) -> date:
    """Return the first day of the interval after the one that begins on ``first``."""
    if interval == Interval.MONTH:
        return (first + timedelta(days=31)).replace(day=1)
    return first + (timedelta(days=7) if interval == Interval.WEEK else DAY)


def default_first(last: date) -> date:
    """Return the first day of the 30 days that end with ``last``."""
    return last - timedelta(days=DEFAULT_DAYS - 1)
