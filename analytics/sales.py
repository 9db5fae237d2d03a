"""What bookings and cancellations add to the sales of a day, and of which scopes."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Self

from bson.decimal128 import Decimal128

from analytics.documents import DailySalesDocument
from config.core.clock import as_utc
from config.mongo.decimals import to_decimal

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
