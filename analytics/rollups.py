"""Keeping the roll-ups: each journal entry is counted exactly once."""

from collections.abc import Mapping, Sequence

from pymongo import UpdateOne

from analytics.models import DailySales
from analytics.sales import Sales, tally
from config.mongo.collections import running_session
from config.mongo.transactions import run_in_transaction
from journal.dispatch import mark_delivered, still_pending
from journal.models import Entry

NAME = "rollups"


def count_once(entries: Sequence[Entry]) -> None:
    """Count entries that were not counted yet.

    Counting them and marking them as delivered is one transaction: whichever process dies at whichever moment, an entry
    is counted once. The dispatcher marks them afterwards too, and then finds nothing left to mark.
    """
    run_in_transaction(lambda: count(still_pending(NAME, entries)))


def count(entries: Sequence[Entry]) -> None:
    if entries:
        mark_delivered(NAME, entries)
        add(tally(entries))


def add(sums: Mapping[tuple[str, str], Sales]) -> None:
    """Add to the sales of each scope and day, inside the running transaction."""
    updates = [increment(scope, day, sales) for (scope, day), sales in sums.items()]
    if updates:
        DailySales.documents.bulk_write(updates, ordered=False, session=running_session())


def increment(scope: str, day: str, sales: Sales) -> UpdateOne:
    made = {"scope": scope, "day": day, "repairs": 0}
    return UpdateOne({"_id": key_of(scope, day)}, {"$inc": sales.as_document(), "$setOnInsert": made}, upsert=True)


def key_of(scope: str, day: str) -> str:
    return f"{scope}:{day}"
