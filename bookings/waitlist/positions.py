"""A customer's place in a waitlist."""

from accounts.actors import Actor
from bookings.models import WaitlistEntry
from bookings.waitlist.entries import WAITING, NotOnWaitlist


def find_latest(*, event_id: str, customer: Actor) -> WaitlistEntry:
    """Return the customer's last entry for an event, whatever came of it, unless they left.

    Raises:
        NotOnWaitlist: never joined, or left.
    """
    own = WaitlistEntry.objects.of(customer).filter(event=event_id)
    entry: WaitlistEntry | None = own.newest_first().first()
    if entry is None or entry.status == WaitlistEntry.Status.LEFT:
        raise NotOnWaitlist
    return entry


def position_of(entry: WaitlistEntry) -> int | None:
    """Return the place in the line, 1 for the first; None for who does not wait (any more)."""
    if entry.status != WAITING:
        return None
    ahead = {"event_id": entry.event_id, "status": WAITING, "turn": {"$lt": entry.turn}}
    return WaitlistEntry.documents.count_documents(ahead) + 1
