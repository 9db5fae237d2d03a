"""How much is stuck, for the admin's first page. Looks at a bounded part of what waits, however much that is."""

from config.mongo.collections import aggregate
from journal.models import Entry
from journal.retries import GIVEN_UP

LIMIT = 1_000


def stuck() -> int:
    """Count entries that failed and wait to be tried again, among the first thousand that wait.

    After a long outage a hundred thousand may wait, and which of them failed only the documents tell.
    """
    waiting = {"pending": {"$gt": chr(ord(GIVEN_UP) + 1)}}
    return count({"$match": waiting}, {"$limit": LIMIT}, {"$match": {"failures": {"$ne": {}}}})


def given_up() -> int:
    """Count entries that some handler gave up."""
    return count({"$match": {"pending": {"$gte": GIVEN_UP, "$lt": chr(ord(GIVEN_UP) + 1)}}}, {"$limit": LIMIT})


def count(*stages: dict[str, object]) -> int:
    for row in aggregate(Entry.documents, [*stages, {"$count": "entries"}]):
        return int(row["entries"])
    return 0
