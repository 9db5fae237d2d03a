"""The clerk: what follows a sale, off the customer's time.

When the bookings of a claim are inserted they stand, and their customers are answered. Two threads of this process then
do the rest, for all events together and for whatever came in meanwhile: the first tells those who wait for it, the
second writes the journal and removes the claims, so that nobody hears later because the journal of others is written.
Should the process die before, the claim is still there and recovery does the rest.
"""

from collections.abc import Sequence

import structlog
from django.db import DatabaseError
from pymongo.errors import PyMongoError

from bookings import ledger
from bookings.teller import Sale
from config.background import Gatherer
from events.live import seats_moved
from journal.prompt import courier
from journal.services import record_all

PAUSE = 0.1  # seconds between two rounds of writing: they merge, and those who wait for their answer wait beside fewer

log = structlog.get_logger(__name__)


class Clerk:
    """Takes sales from any thread."""

    def __init__(self) -> None:
        self._writer: Gatherer[Sale] = Gatherer(finish_sales, name="bookings-clerk", pause=PAUSE)
        self._messenger: Gatherer[Sale] = Gatherer(self._tell, name="bookings-courier")  # at exit it is finished first

    def add(self, sales: Sequence[Sale]) -> None:
        """Take sales; returns at once."""
        self._messenger.add(sales)

    def finish(self, *, seconds: float = 10.0) -> bool:
        """Wait until everything is told and written; return False when that took too long."""
        return self._messenger.finish(seconds=seconds) and self._writer.finish(seconds=seconds)

    def _tell(self, sales: Sequence[Sale]) -> None:
        try:
            courier.deliver(entries_of(sales))
        finally:
            self._writer.add(sales)


def entries_of(sales: Sequence[Sale]) -> list[dict[str, object]]:
    return [entry for sale in sales for entry in sale.entries]


def finish_sales(sales: Sequence[Sale]) -> None:
    """Write the journal, then remove the claims; in this order, so that a claim's end means its entries exist."""
    try:
        record_all(entries_of(sales))
        ledger.remove([sale.claim for sale in sales])
        seats_moved({sale.claim.event_id for sale in sales})
    except (PyMongoError, DatabaseError) as error:
        log.warning("claims_left_to_recovery", claims=len(sales), error=str(error)[:200])


clerk = Clerk()
