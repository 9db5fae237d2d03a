"""Effects of journal entries on sockets and webhooks."""

from collections.abc import Sequence

from bookings.journal_entries import BY_EVENT, BookingEntry
from bookings.models import WaitlistEntry
from bookings.waitlist.journal_entries import WaitlistStep
from events.journal_entries import EventEntry
from journal.documents import EntryData
from journal.handlers import Handler
from journal.models import Entry
from realtime.notifications import store
from realtime.webhooks import deliveries
from realtime.webhooks.event_types import EVENT_TYPES


class Notifications(Handler):
    """Stores a notification for the organizer or the customer, and sends it to their open sockets.

    Organizers get none of an event that they cancelled themselves. A customer gets one of a cancelled event, and none
    of each booking and each waitlist entry that ends with it.
    """

    name = "notify"
    types = frozenset(store.ADDRESSES)
    batch = 50
    prompt = True

    def wants(self, entry_type: str, data: EntryData) -> bool:
        unwanted: dict[str, bool] = {
            BookingEntry.CANCELLED: data.get("reason") == BY_EVENT,
            EventEntry.CANCELLED: not data.get("byStaff"),
            WaitlistStep.EXPIRED: data.get("was") == WaitlistEntry.Status.WAITING,
        }
        return not unwanted.get(entry_type, False)

    def prepare(self, entries: Sequence[Entry]) -> None:
        store.look_ahead_for(entries)

    def deliver(self, entries: Sequence[Entry]) -> None:
        store.notify(entries)


class WebhookDeliveries(Handler):
    """Stores a delivery for each webhook that asked for an entry's type; realtime/webhooks/pools.py sends them."""

    name = "webhooks"
    types = frozenset(EVENT_TYPES)

    def deliver(self, entries: Sequence[Entry]) -> None:
        deliveries.store_deliveries(entries)
