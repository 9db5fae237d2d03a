"""Effects of journal entries on the figures."""

from collections.abc import Sequence

from analytics import rollups
from bookings.journal_entries import BookingEntry
from journal.handlers import Handler
from journal.models import Entry


class RollUps(Handler):
    """Counts bookings and cancellations by day."""

    name = rollups.NAME
    types = frozenset({BookingEntry.CREATED, BookingEntry.CANCELLED})

    def deliver(self, entries: Sequence[Entry]) -> None:
        rollups.count_once(entries)
