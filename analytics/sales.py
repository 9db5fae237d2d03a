"""What bookings and cancellations add to the sales of a day, and of which scopes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Self

from bson.decimal128 import Decimal128

from analytics.documents import DailySalesDocument
from bookings.journal_entries import BookingEntry
from config.core.clock import as_utc
from config.mongo.decimals import to_decimal
from journal.models import Entry

PLATFORM, ALL = "platform", "all"
COUNTERS = ("bookings", "tickets", "revenue", "cancellations")


@dataclass(frozen=True, slots=True)
class Sales:
    """Bookings that are not cancelled, with their tickets and revenue; and how many bookings were cancelled."""

    bookings: int = 0
    tickets: int = 0
    revenue: Decimal = Decimal("0.00")
    cancellations: int = 0

    def __add__(self, other: Self) -> Self:
        return type(self)(**{name: getattr(self, name) + getattr(other, name) for name in COUNTERS})

    def __sub__(self, other: Self) -> Self:
        return type(self)(**{name: getattr(self, name) - getattr(other, name) for name in COUNTERS})

    @classmethod
    def read(cls, document: DailySalesDocument) -> Self:
        """Return the counters of a stored roll-up; zeros where it has none."""
        return cls(
            bookings=document.get("bookings", 0),
            tickets=document.get("tickets", 0),
            revenue=to_decimal(document.get("revenue", 0)),
            cancellations=document.get("cancellations", 0),
        )

    def as_document(self) -> dict[str, object]:
        """Return the counters as MongoDB stores them, and as ``$inc`` takes them."""
        return {**{name: getattr(self, name) for name in COUNTERS}, "revenue": Decimal128(self.revenue)}


NOTHING = Sales()
Days = dict[str, Sales]  # by day: "2026-11-21", or ALL for their sum


def day_of(moment: datetime) -> str:
    """Return the UTC day of a moment, as roll-ups name it."""
    return as_utc(moment).date().isoformat()


def changes(*, entry_type: str, day: str, booked_on: str, sold: Sales) -> list[tuple[str, Sales]]:
    """Return what journal entries change, as pairs of a day and its difference.

    A booking counts on the day it was made until it is cancelled; then it leaves that day, and its cancellation counts
    on the day of the cancellation. These are sums: the order of two entries does not matter.
    """
    if entry_type == BookingEntry.CREATED:
        return [(day, sold)]
    return [(booked_on, NOTHING - sold), (day, Sales(cancellations=sold.bookings))]


def changes_of(entry: Entry) -> list[tuple[str, Sales]]:
    data, day = entry.data, day_of(entry.at)
    sold = Sales(bookings=1, tickets=data["qty"], revenue=Decimal(data["amount"]))
    booked_on = data["bookedAt"][: len(day)] if entry.type == BookingEntry.CANCELLED else day
    return changes(entry_type=entry.type, day=day, booked_on=booked_on, sold=sold)


def tally(entries: Iterable[Entry]) -> dict[tuple[str, str], Sales]:
    """Return what entries add up to, by scope and day: of the platform, of each organizer and of each event."""
    sums: dict[tuple[str, str], Sales] = {}
    for scope, day, sales in increments(entries):
        sums[scope, day] = sums.get((scope, day), NOTHING) + sales
    return {key: sales for key, sales in sums.items() if sales != NOTHING}


def increments(entries: Iterable[Entry]) -> Iterator[tuple[str, str, Sales]]:
    for entry in entries:
        for day, sales in changes_of(entry):
            for scope in (PLATFORM, entry.data["organizerId"], entry.data["eventId"]):
                yield scope, day, sales
                yield scope, ALL, sales


def merged(*parts: Days) -> Days:
    """Return the sums of several days' sales, day by day."""
    sums: Days = {}
    for part in parts:
        add_days(sums, part)
    return sums


def add_days(sums: Days, part: Days) -> None:
    for day, sales in part.items():
        sums[day] = sums.get(day, NOTHING) + sales


def with_total(days: Days) -> Days:
    return {**days, ALL: sum(days.values(), NOTHING)}
