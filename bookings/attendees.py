"""The attendee list as CSV, in constant memory."""

import csv
from collections.abc import Iterator
from typing import Any

from django.conf import settings

from accounts.models import User
from config.clock import iso
from config.csvs import Echo, harmless

HEADER = (
    "booking", "status", "customer", "name", "seats", "unit price", "amount", "currency", "booked at", "cancelled at",
    "checked in at",
)  # fmt: skip
FIELDS = ("pk", "status", "customer_id", "qty", "unit_price", "amount", "created_at", "cancelled_at", "checked_in_at")
CHUNK = 500


def csv_lines(bookings: Any) -> Iterator[str]:
    """Yield the lines for a queryset of bookings; names are looked up for 500 of them at a time."""
    writer = csv.writer(Echo())
    yield "\ufeff" + writer.writerow(HEADER)  # the mark by which spreadsheets know UTF-8
    for chunk in chunks(bookings.values(*FIELDS).iterator(chunk_size=CHUNK)):
        names = User.objects.names_of(row["customer_id"] for row in chunk)
        for row in chunk:
            yield writer.writerow(cells(row, names.get(row["customer_id"], "")))


def chunks(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    chunk: list[dict[str, Any]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def cells(row: dict[str, Any], name: str) -> tuple[Any, ...]:
    moments = (iso(row[field]) if row[field] else "" for field in ("created_at", "cancelled_at", "checked_in_at"))
    money = f"{row['unit_price']:.2f}", f"{row['amount']:.2f}", settings.CURRENCY
    return row["pk"], row["status"], row["customer_id"], harmless(name), row["qty"], *money, *moments
