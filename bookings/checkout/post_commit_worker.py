"""The clerk: what follows a sale, off the customer's time.

When the bookings of a claim are inserted they stand, and their customers are answered. Two threads of this process then
do the rest, for all events together and for whatever came in meanwhile: the first tells those who wait for it, the
second writes the journal and removes the claims, so that nobody hears later because the journal of others is written.
Should the process die before, the claim is still there and recovery does the rest.
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

PAUSE = 0.1  # seconds between two rounds of writing: they merge, and those who wait for their answer wait beside fewer

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ExpectedEntries:
    """Entries whose bookings are being inserted."""

    entries: list[EntryDocument]


@dataclass(frozen=True, slots=True)
class CommittedClaim:
    """A claim whose bookings all stand; what remains is their journal and the claim's removal."""

    claim: Claim
    entries: list[EntryDocument]


class PostCommitWorker:
    """Takes sales from any thread."""

    def __init__(self) -> None:
        self._writer: BatchWorker[CommittedClaim] = BatchWorker(finish_claims, name="bookings-clerk", pause=PAUSE)
        # at exit this one is finished first
        self._messenger: BatchWorker[ExpectedEntries | CommittedClaim] = BatchWorker(
            self._tell, name="bookings-courier"
        )

    def expect(self, entries: list[EntryDocument]) -> None:
        """Take entries of what may stand in a moment: time to get ready to tell of it. Returns at once."""
        self._messenger.add([ExpectedEntries(entries)])

    def add(self, sales: Sequence[CommittedClaim]) -> None:
        """Take sales; returns at once."""
        self._messenger.add(sales)

    def finish(self, *, seconds: float = 10.0) -> bool:
        """Wait until everything is told and written; return False when that took too long."""
        return self._messenger.finish(seconds=seconds) and self._writer.finish(seconds=seconds)

    def _tell(self, items: Sequence[ExpectedEntries | CommittedClaim]) -> None:
        sales = [item for item in items if isinstance(item, CommittedClaim)]
        if not sales:
            inline_delivery.prepare(entries_of(items))
            return
        try:
            inline_delivery.deliver(entries_of(sales))
        finally:
            self._writer.add(sales)


def entries_of(items: Iterable[ExpectedEntries | CommittedClaim]) -> list[EntryDocument]:
    return [entry for item in items for entry in item.entries]


def finish_claims(sales: Sequence[CommittedClaim]) -> None:
    """Write the journal, then remove the claims; in this order, so that a claim's end means its entries exist."""
    try:
        append_all(entries_of(sales))
        ledger.remove_claims([sale.claim for sale in sales])
        announce_seat_changes({sale.claim.event_id for sale in sales})
    except (PyMongoError, DatabaseError) as error:
        log.warning("claims_left_to_recovery", claims=len(sales), error=str(error)[:200])


post_commit_worker = PostCommitWorker()
