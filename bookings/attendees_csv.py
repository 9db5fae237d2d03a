"""The attendee list as CSV, in constant memory."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings

from accounts.models import User
from config.core.chunks import in_chunks
from config.core.clock import iso

HEADER = (
    "booking", "status", "customer", "name", "seats", "unit price", "amount", "currency", "booked at", "cancelled at",
    "checked in at",
)  # fmt: skip
FIELDS = ("pk", "status", "customer_id", "qty", "unit_price", "amount", "created_at", "cancelled_at", "checked_in_at")
CHUNK = 500


def csv_rows(bookings: Any) -> Iterator[tuple[str | int, ...]]:
    """Yield a row for each booking of a queryset; names are looked up for 500 of them at a time."""
    for chunk in in_chunks(bookings.values(*FIELDS).iterator(chunk_size=CHUNK), CHUNK):
        names = User.objects.names_of(row["customer_id"] for row in chunk)
        for row in chunk:
            yield cells(row, names.get(row["customer_id"], ""))


def cells(row: dict[str, Any], name: str) -> tuple[str | int, ...]:
    moments = (iso(row[field]) if row[field] else "" for field in ("created_at", "cancelled_at", "checked_in_at"))
    money = f"{row['unit_price']:.2f}", f"{row['amount']:.2f}", settings.CURRENCY
    return row["pk"], row["status"], row["customer_id"], name, row["qty"], *money, *moments
