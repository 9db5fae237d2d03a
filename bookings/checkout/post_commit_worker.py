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

from bookings import ledger
from bookings.ledger import Claim
from config.background import Gatherer
from events.live import seats_moved
from journal.append import append_all
from journal.documents import EntryDocument
from journal.prompt import courier

PAUSE = 0.1  # seconds between two rounds of writing: they merge, and those who wait for their answer wait beside fewer

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Expected:
    """Entries whose bookings are being inserted."""

    entries: list[EntryDocument]


@dataclass(frozen=True, slots=True)
class Sale:
    """A claim whose bookings all stand; what remains is their journal and the claim's removal."""

    claim: Claim
    entries: list[EntryDocument]


class Clerk:
    """Takes sales from any thread."""

    def __init__(self) -> None:
        self._writer: Gatherer[Sale] = Gatherer(finish_sales, name="bookings-clerk", pause=PAUSE)
        # at exit this one is finished first
        self._messenger: Gatherer[Expected | Sale] = Gatherer(self._tell, name="bookings-courier")

    def expect(self, entries: list[EntryDocument]) -> None:
        """Take entries of what may stand in a moment: time to get ready to tell of it. Returns at once."""
        self._messenger.add([Expected(entries)])

    def add(self, sales: Sequence[Sale]) -> None:
        """Take sales; returns at once."""
        self._messenger.add(sales)

    def finish(self, *, seconds: float = 10.0) -> bool:
        """Wait until everything is told and written; return False when that took too long."""
        return self._messenger.finish(seconds=seconds) and self._writer.finish(seconds=seconds)

    def _tell(self, items: Sequence[Expected | Sale]) -> None:
        sales = [item for item in items if isinstance(item, Sale)]
        if not sales:
            courier.prepare(entries_of(items))
            return
        try:
            courier.deliver(entries_of(sales))
        finally:
            self._writer.add(sales)


def entries_of(items: Iterable[Expected | Sale]) -> list[EntryDocument]:
    return [entry for item in items for entry in item.entries]


def finish_sales(sales: Sequence[Sale]) -> None:
    """Write the journal, then remove the claims; in this order, so that a claim's end means its entries exist."""
    try:
        append_all(entries_of(sales))
        ledger.remove([sale.claim for sale in sales])
        seats_moved({sale.claim.event_id for sale in sales})
    except (PyMongoError, DatabaseError) as error:
        log.warning("claims_left_to_recovery", claims=len(sales), error=str(error)[:200])


clerk = Clerk()
