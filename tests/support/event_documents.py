"""Many events, inserted as documents without the services."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from bson.decimal128 import Decimal128

from accounts.models import User
from events.models import Event
from events.text_folding import fold, words_of


def event_document(number: int, organizer: User, moment: datetime) -> dict[str, Any]:
    """Return an event as stored. Half of them are past; each city, category and tag has a hundredth of them."""
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
