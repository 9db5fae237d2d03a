"""Comparing the roll-ups with the bookings and repairing them, while both go on.

Everything is read as of one moment. The roll-ups rightly lack what the journal had not delivered by then, so the
expected sales lack it too. A repair adds the difference: deliveries between the comparison and the repair do no harm.

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
    detail = "Another rebuild repaired this in the meantime: run it again."


@dataclass(frozen=True, slots=True)
class Finding:
    """A roll-up that differs from the bookings. ``repairs`` is how often it was repaired before."""

    scope: str
    day: str
    expected: Sales
    found: Sales
    repairs: int

    def __str__(self) -> str:
        values = [(name, getattr(self.expected, name), getattr(self.found, name)) for name in COUNTERS]
        differing = [f"{name}: expected {right}, found {wrong}" for name, right, wrong in values if right != wrong]
        return f"{self.scope} {self.day}: {'; '.join(differing)}"


def count_scopes() -> int:
    """Return about how many scopes there are to check."""
    events = Event.documents
    return events.estimated_document_count() + len(events.distinct("organizer_id")) + 1


def check_rollups() -> Iterator[list[Finding]]:
    """Yield the findings of each scope. Keeps in memory the days of the platform, one organizer and one event."""
    with snapshot_session() as session:
        pending, known, platform = expected_sales.undelivered(session), {PLATFORM}, Days()
        by_organizer = groupby(expected_sales.events_by_organizer(session), key=itemgetter("organizer_id"))
        for organizer, its_events in by_organizer:
            total = Days()
            for chunk in in_chunks(its_events, CHUNK):
                expected = expected_sales.expected_by_event(chunk, pending, session)
                yield from compare(expected, session)
                for days in expected.values():
                    add_days(total, days)
                known.update(expected)
            yield from compare({organizer: total}, session)
            add_days(platform, total)
            known.add(organizer)
        yield from compare({PLATFORM: platform}, session)
        yield from check_unknown_scopes(known, session)


def compare(expected: Mapping[str, Days], session: ClientSession) -> Iterator[list[Finding]]:
    """Yield, for each scope, the roll-ups that differ from what is expected."""
    stored: dict[str, dict[str, DailySalesDocument]] = {scope: {} for scope in expected}
    for document in DailySales.documents.find({"scope": {"$in": list(expected)}}, session=session):
        stored[document["scope"]][document["day"]] = document
    for scope, days in expected.items():
        yield differences(scope, with_total(days), stored[scope])


def differences(scope: str, expected: Days, stored: Mapping[str, DailySalesDocument]) -> list[Finding]:
    days = sorted({*expected, *stored})
    compared = [compare_day(scope, day, expected.get(day, NOTHING), stored.get(day)) for day in days]
    return [finding for finding in compared if finding.expected != finding.found]


def compare_day(scope: str, day: str, expected: Sales, document: DailySalesDocument | None) -> Finding:
    found, repairs = (Sales.read(document), document.get("repairs", 0)) if document else (NOTHING, 0)
    return Finding(scope, day, expected, found, repairs)


def check_unknown_scopes(known: set[str], session: ClientSession) -> Iterator[list[Finding]]:
    """Yield findings for roll-ups of unknown scopes: neither the platform, nor an event, nor an organizer of one."""
    scopes = [row["_id"] for row in aggregate(DailySales.documents, [{"$group": {"_id": "$scope"}}], session=session)]
    for chunk in in_chunks(sorted(set(scopes) - known), CHUNK):
        yield from compare({scope: {} for scope in chunk}, session)


def repair(findings: Sequence[Finding]) -> None:
    """Add to each roll-up what it lacks; all of them or none.

    Raises:
        RepairedElsewhere: another rebuild came first, so these findings no longer hold.
    """
    updates = [correction(finding) for finding in findings]
    if not updates:
        return
    try:
        run_in_transaction(lambda: DailySales.documents.bulk_write(updates, ordered=False, session=running_session()))
    except BulkWriteError as error:
        if any(fault["code"] == DUPLICATE_KEY for fault in error.details["writeErrors"]):
            raise RepairedElsewhere from error
        raise


def correction(finding: Finding) -> UpdateOne:
    """Return the update that repairs a finding once: if ``repairs`` has moved on, the upsert collides with the _id."""
    scope, day = finding.scope, finding.day
    unchanged = {"_id": key_of(scope, day), "repairs": finding.repairs}
    difference = {**(finding.expected - finding.found).as_document(), "repairs": 1}
    return UpdateOne(unchanged, {"$inc": difference, "$setOnInsert": {"scope": scope, "day": day}}, upsert=True)
