"""Keeping the roll-ups: each journal entry is counted exactly once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from pymongo import UpdateOne

from analytics.models import DailySales
from analytics.sales import ALL, NOTHING, PLATFORM, Sales, day_of
from bookings.journal_entries import BookingEntry
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


def changes(*, entry_type: str, day: str, booked_on: str, sold: Sales) -> list[tuple[str, Sales]]:
    """Return what journal entries change, as pairs of a day and its difference.

    A booking counts on the day it was made until it is cancelled; then it leaves that day, and its cancellation counts
    on the day of the cancellation. These are sums: the order of two entries does not matter.
    """
    if entry_type == BookingEntry.CREATED:
        return [(day, sold)]
    return [(booked_on, NOTHING - sold), (day, Sales(cancellations=sold.bookings))]


def changes_of(entry: Entry) -> list[tuple[str, Sales]]:
    data, day = entry.data, day_of(entry.at)
    sold = Sales(bookings=1, tickets=data["qty"], revenue=Decimal(data["amount"]))
    booked_on = data["bookedAt"][: len(day)] if entry.type == BookingEntry.CANCELLED else day
    return changes(entry_type=entry.type, day=day, booked_on=booked_on, sold=sold)


def tally(entries: Iterable[Entry]) -> dict[tuple[str, str], Sales]:
    """Return what entries add up to, by scope and day: of the platform, of each organizer and of each event."""
    sums: dict[tuple[str, str], Sales] = {}
    for scope, day, sales in increments(entries):
        sums[scope, day] = sums.get((scope, day), NOTHING) + sales
    return {key: sales for key, sales in sums.items() if sales != NOTHING}


def increments(entries: Iterable[Entry]) -> Iterator[tuple[str, str, Sales]]:
    for entry in entries:
        for day, sales in changes_of(entry):
            for scope in (PLATFORM, entry.data["organizerId"], entry.data["eventId"]):
                yield scope, day, sales
                yield scope, ALL, sales
