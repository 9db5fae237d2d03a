"""The clerk: what follows a sale, off the customer's time.

When the bookings of a claim are inserted they stand, and their customers are answered. Their journal entries and the
removal of the claim follow from this thread, for all events together: one insert and one bulk update for whatever
came in meanwhile. Should the process die before, the claim is still there and recovery does the rest.
"""

from collections.abc import Sequence

import structlog
from django.db import DatabaseError
from pymongo.errors import PyMongoError

from bookings import ledger
from bookings.teller import Sale
from config.background import Gatherer
from events.live import seats_moved
from journal.services import record_all

log = structlog.get_logger(__name__)


def finish_sales(sales: Sequence[Sale]) -> None:
    """Write the journal, then remove the claims; in this order, so that a claim's end means its entries exist."""
    try:
        record_all([entry for sale in sales for entry in sale.entries])
        ledger.remove([sale.claim for sale in sales])
        seats_moved({sale.claim.event_id for sale in sales})
    except (PyMongoError, DatabaseError) as error:
        log.warning("claims_left_to_recovery", claims=len(sales), error=str(error)[:200])


clerk: Gatherer[Sale] = Gatherer(finish_sales, name="bookings-clerk")
