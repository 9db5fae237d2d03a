"""The post-commit worker: what follows a booking, after its customer has the answer.

Once the bookings of a claim are inserted, they exist, and their customers are answered. Two threads of this process do
the rest, for all events together and for everything that came in meanwhile. The first delivers to inline handlers, the
second writes the journal and removes the claims; so a notification does not wait while the entries of other bookings
are written. If the process dies before, the claim is still there, and recovery does the rest.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import structlog
from django.db import DatabaseError
from pymongo.errors import PyMongoError

from bookings.seats import ledger
from bookings.seats.ledger import Claim
from config.core.batch_worker import BatchWorker
from events.seat_announcements import announce_seat_changes
from journal.append import append_all
from journal.documents import EntryDocument
from journal.inline_delivery import inline_delivery

PAUSE = 0.1  # seconds between two writes of the journal: they merge, and compete less with requests that are answered

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class UpcomingEntries:
    """Entries whose bookings are being inserted."""

    entries: list[EntryDocument]


@dataclass(frozen=True, slots=True)
class CommittedClaim:
    """A claim whose bookings were all inserted; their entries and the removal of the claim are left to do."""

    claim: Claim
    entries: list[EntryDocument]


class PostCommitWorker:
    """Its methods may be called from any thread and, but for ``finish``, return at once."""

    def __init__(self) -> None:
        self._journal: BatchWorker[CommittedClaim] = BatchWorker(finish_claims, name="bookings-journal", pause=PAUSE)
        # created last, so that it is finished first when the process exits: it hands its work on to the other
        self._delivery: BatchWorker[UpcomingEntries | CommittedClaim] = BatchWorker(
            self._deliver, name="bookings-delivery"
        )

    def prepare(self, entries: list[EntryDocument]) -> None:
        """Let inline handlers prepare for entries while their bookings are inserted, which may still fail."""
        self._delivery.add([UpcomingEntries(entries)])

    def add(self, claims: Sequence[CommittedClaim]) -> None:
        self._delivery.add(claims)

    def finish(self, *, seconds: float = 10.0) -> bool:
        """Wait until everything is delivered and written; return False if that took too long."""
        return self._delivery.finish(seconds=seconds) and self._journal.finish(seconds=seconds)

    def _deliver(self, items: Sequence[UpcomingEntries | CommittedClaim]) -> None:
        claims = [item for item in items if isinstance(item, CommittedClaim)]
        if not claims:
            inline_delivery.prepare(entries_of(items))
            return
        try:
            inline_delivery.deliver(entries_of(claims))
        finally:
            self._journal.add(claims)


def entries_of(items: Iterable[UpcomingEntries | CommittedClaim]) -> list[EntryDocument]:
    return [entry for item in items for entry in item.entries]


def finish_claims(claims: Sequence[CommittedClaim]) -> None:
    """Write the journal, then remove the claims: once a claim is gone, its entries exist."""
    try:
        append_all(entries_of(claims))
        ledger.remove_claims([committed.claim for committed in claims])
        announce_seat_changes({committed.claim.event_id for committed in claims})
    except (PyMongoError, DatabaseError) as error:
        log.warning("claims_left_to_recovery", claims=len(claims), error=str(error)[:200])


post_commit_worker = PostCommitWorker()
