"""Who waits for seats."""

from typing import Any

from bookings.ledger import waitlist
from bookings.models import WaitlistEntry


def waiting() -> dict[str, int]:
    """Return how many parties wait, and for how many seats; an index has all that this asks for."""
    pipeline: list[dict[str, Any]] = [
        {"$match": {"status": WaitlistEntry.Status.WAITING.value}},
        {"$group": {"_id": None, "parties": {"$sum": 1}, "seats": {"$sum": "$qty"}}},
    ]
    for row in waitlist().aggregate(pipeline, hint="waitlist_expiry"):
        return {"parties": row["parties"], "seats": row["seats"]}
    return {"parties": 0, "seats": 0}
