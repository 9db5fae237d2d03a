"""Days, weeks and months of a time series."""

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
    """The days from ``first`` to ``last``, both inclusive, in steps of an interval."""

    first: date
    last: date
    interval: Interval

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def steps(self) -> Iterator[date]:
        """Yield the first day of each interval that has a day of the period."""
        step = first_day(self.first, self.interval)
        while step <= self.last:
            yield step
            step = following(step, self.interval)


def first_day(day: date, interval: Interval) -> date:
    """Return the day that the interval around a day is named by; weeks begin on Monday.

    >>> first_day(date(2026, 11, 21), Interval.WEEK)
    datetime.date(2026, 11, 16)
    """
    if interval == Interval.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if interval == Interval.MONTH else day


def following(step: date, interval: Interval) -> date:
    """Return the first day of the next interval."""
    if interval == Interval.MONTH:
        return (step + timedelta(days=31)).replace(day=1)
    return step + (timedelta(days=7) if interval == Interval.WEEK else DAY)


def default_first(last: date) -> date:
    return last - timedelta(days=DEFAULT_DAYS - 1)
