"""Who waits for seats."""

from typing import Any

from django.db import connection

COLLECTION = "bookings_waitlistentry"


def waiting() -> dict[str, int]:
    """Return how many parties wait, and for how many seats."""
    pipeline: list[dict[str, Any]] = [
        {"$match": {"status": "WAITING"}},
        {"$group": {"_id": None, "parties": {"$sum": 1}, "seats": {"$sum": "$qty"}}},
    ]
    entries = connection.get_collection(COLLECTION)  # type: ignore[attr-defined]  # the MongoDB backend has it
    for row in entries.aggregate(pipeline):
        return {"parties": row["parties"], "seats": row["seats"]}
    return {"parties": 0, "seats": 0}
