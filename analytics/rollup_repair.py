"""Proving the roll-ups against the bookings, and repairing them, while both go on.

Everything is read as it was at one moment. What the journal has still to deliver at that moment is missing from the
roll-ups rightly, so it is left out of what is expected. A repair adds the difference: it does not matter which
deliveries came in between.

MongoDB keeps a moment readable for minSnapshotHistoryWindowInSeconds, 300 by default. A million bookings take seconds;
an installation with a hundred million raises that setting first.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from pymongo import UpdateOne
from pymongo.client_session import ClientSession
from pymongo.errors import BulkWriteError

from analytics import expected_sales
from analytics.documents import DailySalesDocument
from analytics.models import DailySales
from analytics.rollups import key_of
from analytics.sales import COUNTERS, NOTHING, PLATFORM, Days, Sales, add_days, with_total
from config.core.chunks import in_chunks
from config.core.errors import Conflict
from config.mongo.collections import aggregate, running_session
from config.mongo.duplicates import DUPLICATE_KEY
from config.mongo.snapshots import snapshot_session
from config.mongo.transactions import run_in_transaction
from events.models import Event

CHUNK = 100  # events; their days are in memory together


class RepairedElsewhere(Conflict):
    code = "repaired_elsewhere"
    detail = "Another rebuild repaired this meanwhile: run it again."


@dataclass(frozen=True, slots=True)
class Finding:
    """One scope's day that is off. ``repairs`` is how often it was repaired before."""

    scope: str
    day: str
    expected: Sales
    found: Sales
    repairs: int

    def __str__(self) -> str:
        values = [(name, getattr(self.expected, name), getattr(self.found, name)) for name in COUNTERS]
        off = [f"{name}: expected {right}, found {wrong}" for name, right, wrong in values if right != wrong]
        return f"{self.scope} {self.day}: {'; '.join(off)}"


def count_scopes() -> int:
    """Return about how many scopes there are to check."""
    return Event.documents.estimated_document_count() + len(Event.documents.distinct("organizer_id")) + 1


def check_rollups() -> Iterator[list[Finding]]:
    """Yield, for each scope, what is off with it. Holds the days of the house, of one organizer and of one event."""
    with snapshot_session() as session:
        owed, known, house = expected_sales.undelivered(session), {PLATFORM}, Days()
        by_organizer = groupby(expected_sales.events_by_organizer(session), key=itemgetter("organizer_id"))
        for organizer, its_events in by_organizer:
            total = Days()
            for chunk in in_chunks(its_events, CHUNK):
                expected = expected_sales.delivered(chunk, owed, session)
                yield from compare(expected, session)
                for days in expected.values():
                    add_days(total, days)
                known.update(expected)
            yield from compare({organizer: total}, session)
            add_days(house, total)
            known.add(organizer)
        yield from compare({PLATFORM: house}, session)
        yield from strays(known, session)


def compare(expected: Mapping[str, Days], session: ClientSession) -> Iterator[list[Finding]]:
    """Yield, for each scope, where its roll-ups differ from what they should be."""
    kept: dict[str, dict[str, DailySalesDocument]] = {scope: {} for scope in expected}
    for document in DailySales.documents.find({"scope": {"$in": list(expected)}}, session=session):
        kept[document["scope"]][document["day"]] = document
    for scope, days in expected.items():
        yield differences(scope, with_total(days), kept[scope])


def differences(scope: str, expected: Days, kept: Mapping[str, DailySalesDocument]) -> list[Finding]:
    found = [finding(scope, day, expected.get(day, NOTHING), kept.get(day)) for day in sorted({*expected, *kept})]
    return [one for one in found if one.expected != one.found]


def finding(scope: str, day: str, expected: Sales, kept: DailySalesDocument | None) -> Finding:
    found, repairs = (Sales.read(kept), kept["repairs"]) if kept else (NOTHING, 0)
    return Finding(scope, day, expected, found, repairs)


def strays(known: set[str], session: ClientSession) -> Iterator[list[Finding]]:
    """Yield figures of scopes that are nobody's: neither the house nor an organizer or event with bookings."""
    rows = aggregate(DailySales.documents, [{"$group": {"_id": "$scope"}}], session=session)
    scopes = [row["_id"] for row in rows]
    for chunk in in_chunks(sorted(set(scopes) - known), CHUNK):
        yield from compare({scope: {} for scope in chunk}, session)


def repair(findings: Sequence[Finding]) -> None:
    """Add to each figure what it lacks; all of them or none.

    Raises:
        RepairedElsewhere: another rebuild was quicker; what is off now is not what was found.
    """
    updates = [correction(one) for one in findings]
    try:
        run_in_transaction(
            lambda: (
                DailySales.documents.bulk_write(updates, ordered=False, session=running_session()) if updates else None
            )
        )
    except BulkWriteError as error:
        if any(fault["code"] == DUPLICATE_KEY for fault in error.details["writeErrors"]):
            raise RepairedElsewhere from error
        raise


def correction(one: Finding) -> UpdateOne:
    """Return the update that repairs a finding, once: where the count of repairs moved on, its upsert collides."""
    seen = {"_id": key_of(one.scope, one.day), "repairs": one.repairs}
    added = {**(one.expected - one.found).as_document(), "repairs": 1}
    return UpdateOne(seen, {"$inc": added, "$setOnInsert": {"scope": one.scope, "day": one.day}}, upsert=True)
