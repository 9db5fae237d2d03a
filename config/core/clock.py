"""The one clock. Views, commands and tasks read it once and pass the moment on as ``now=``."""

from datetime import UTC, date, datetime, time, timedelta

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)  # dates that people may enter


def now() -> datetime:
    """Return the current UTC time in whole milliseconds, the resolution of a BSON date."""
    return to_milliseconds(datetime.now(UTC))


def to_milliseconds(moment: datetime) -> datetime:
    """Drop microseconds, as MongoDB does, so that a response equals what the next read returns."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def as_utc(moment: datetime) -> datetime:
    """Mark a datetime read through pymongo (naive, in UTC) as UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def written_out(moment: datetime) -> str:
    """Return a moment for people, in its own time zone, without the name of the zone.

    >>> written_out(datetime(2027, 5, 1, 18, 0, tzinfo=UTC))
    'Saturday, 1 May 2027, 18:00'
    """
    return f"{moment:%A, %-d %B %Y, %H:%M}"


def iso(moment: datetime) -> str:
    """Return ISO 8601 in UTC with ``Z``; milliseconds only if they are not zero.

    >>> iso(datetime(2026, 1, 11, 5, 30, 22, 123000, tzinfo=UTC))
    '2026-01-11T05:30:22.123Z'
    """
    moment = as_utc(moment)
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds").replace("+00:00", "Z")


def day_bounds(first: date | None, last: date | None) -> tuple[datetime | None, datetime | None]:
    """Return the start of the first day and the end, exclusive, of the last; None for a bound that is not given."""
    until = midnight(last + timedelta(days=1)) if last and last < date.max else None
    return midnight(first) if first else None, until


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
