"""Roll-ups as MongoDB holds them."""

from typing import TypedDict

from bson.decimal128 import Decimal128


class DailySalesDocument(TypedDict):
    _id: str
    scope: str
    day: str
    bookings: int
    tickets: int
    revenue: Decimal128
    cancellations: int
    repairs: int
