"""The attendee list as CSV, in constant memory."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import TypedDict, cast

from django.conf import settings
from django.db.models import QuerySet

from accounts.models import User
from bookings.models import Booking
from config.core.chunks import in_chunks
from config.core.clock import iso

HEADER = (
    "booking", "status", "customer", "name", "seats", "unit price", "amount", "currency", "booked at", "cancelled at",
    "checked in at",
)  # fmt: skip
CHUNK = 500


class AttendeeRow(TypedDict):
    """The fields of a booking that are read."""

    pk: str
    status: str
    customer_id: str
    qty: int
    unit_price: Decimal
    amount: Decimal
    created_at: datetime
    cancelled_at: datetime | None
    checked_in_at: datetime | None


FIELDS = tuple(AttendeeRow.__annotations__)


def csv_rows(bookings: QuerySet[Booking]) -> Iterator[tuple[str | int, ...]]:
    """Yield a row for each booking; the customers' names are read once for each chunk."""
    rows = cast("Iterable[AttendeeRow]", bookings.values(*FIELDS).iterator(chunk_size=CHUNK))
    for chunk in in_chunks(rows, CHUNK):
        names = User.objects.names_of(row["customer_id"] for row in chunk)
        for row in chunk:
            yield cells(row, names.get(row["customer_id"], ""))


def cells(row: AttendeeRow, name: str) -> tuple[str | int, ...]:
    times = (row["created_at"], row["cancelled_at"], row["checked_in_at"])
    moments = (iso(time) if time else "" for time in times)
    money = f"{row['unit_price']:.2f}", f"{row['amount']:.2f}", settings.CURRENCY
    return row["pk"], row["status"], row["customer_id"], name, row["qty"], *money, *moments
