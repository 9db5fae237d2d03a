"""How many entries are stuck, for the dashboard of the admin. The cost is bounded, however many entries are pending."""

from config.mongo.collections import aggregate
from journal.models import Entry
from journal.retries import GIVEN_UP

COUNT_LIMIT = 1_000
AFTER_GIVEN_UP = chr(ord(GIVEN_UP) + 1)  # names of handlers that gave up sort before it, all others behind it


def count_stuck() -> int:
    """Count entries that failed and will be tried again, among the first thousand that are pending.

    After a long outage a hundred thousand may be pending, and no index knows which of them failed.
    """
    pending = {"pending": {"$gt": AFTER_GIVEN_UP}}
    return count_entries({"$match": pending}, {"$limit": COUNT_LIMIT}, {"$match": {"failures": {"$ne": {}}}})


def count_given_up() -> int:
    """Count entries that a handler gave up."""
    return count_entries({"$match": {"pending": {"$gte": GIVEN_UP, "$lt": AFTER_GIVEN_UP}}}, {"$limit": COUNT_LIMIT})


def count_entries(*stages: dict[str, object]) -> int:
    for row in aggregate(Entry.documents, [*stages, {"$count": "entries"}]):
        return int(row["entries"])
    return 0
