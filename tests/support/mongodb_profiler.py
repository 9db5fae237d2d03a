"""What MongoDB really did for a request, as its own profiler tells."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from bson.decimal128 import Decimal128
from django.db import connection

from accounts.models import User
from events.models import Event
from events.text_folding import fold, words_of


@dataclass(frozen=True)
class Work:
    """One command: what it was sent to, how it was planned, what it looked at."""

    collection: str
    plan: str
    documents: int
    sorts_in_memory: bool


@contextmanager
def profiled() -> Iterator[list[Work]]:
    """Collect what the commands of this test's database cost meanwhile."""
    database, done = connection.database, []
    database.command("profile", 0)
    database["system.profile"].drop()
    database.command("profile", 2)
    try:
        yield done
    finally:
        database.command("profile", 0)
        done += map(read, database["system.profile"].find({"op": {"$ne": "insert"}}).sort("ts"))


def read(entry: dict[str, Any]) -> Work:
    return Work(
        collection=entry["ns"].partition(".")[2],
        plan=entry.get("planSummary", ""),
        documents=entry.get("docsExamined", 0),
        sorts_in_memory=entry.get("hasSortStage", False),
    )


def event_document(number: int, organizer: User, moment: datetime) -> dict[str, Any]:
    """Return an event as it is stored: half of them are past, a hundredth is in each city, category and tag."""
    city, title = f"City {number % 100}", f"Event {number} word{number % 150}"
    tags, starts_in = [f"tag {number % 100}", f"tag {number % 90 + 100}"], number * 7 % 20_000 - 10_000
    fields: dict[str, Any] = {field.column: None for field in Event._meta.local_fields}
    return fields | {
        "_id": f"EVT-{number:08d}", "organizer_id": organizer.pk, "title": title, "city": city, "city_key": fold(city),
        "title_key": fold(title), "category": f"c{number % 100}", "category_key": f"c{number % 100}", "tags": tags,
        "tag_keys": tags, "words": words_of(title), "starts_at": moment + timedelta(minutes=starts_in),
        "status": "DRAFT" if number % 10 == 0 else "PUBLISHED", "price": Decimal128(Decimal(number % 1000)),
        "revenue": Decimal128("0"), "available_seats": 5, "total_seats": 5, "held_seats": 0, "tickets_sold": number % 7,
        "created_at": moment - timedelta(minutes=number), "updated_at": moment, "version": 1, "hidden": False,
        "featured": number % 100 == 1,
    }  # fmt: skip
