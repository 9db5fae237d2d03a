"""How many seats customers wait for."""

from bookings.models import WaitlistEntry
from config.mongo.collections import Stage, aggregate


def waitlist_demand() -> dict[str, int]:
    """Return how many waitlist entries wait, and for how many seats; the index alone answers this."""
    stages: list[Stage] = [
        {"$match": {"status": WaitlistEntry.Status.WAITING.value}},
        {"$group": {"_id": None, "parties": {"$sum": 1}, "seats": {"$sum": "$qty"}}},
    ]
    for row in aggregate(WaitlistEntry.documents, stages, hint="waitlist_expiry"):
        return {"parties": row["parties"], "seats": row["seats"]}
    return {"parties": 0, "seats": 0}
