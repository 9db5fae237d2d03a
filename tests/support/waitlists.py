"""Steps of tests about waitlists, through the same services as everyone."""

from accounts.models import User
from bookings.models import WaitlistEntry
from bookings.waitlist import joining
from config.core.clock import now
from events.editing import update_event
from events.models import Event


def join(event: Event, customer: User, qty: int = 1) -> WaitlistEntry:
    entry, _ = joining.join_waitlist(event_id=event.id, customer=customer.as_actor(), qty=qty, now=now())
    return entry


def add_seats(event: Event, total: int) -> None:
    """Let the event have ``total`` seats."""
    update_event(event_id=event.id, by=event.organizer.as_actor(), changes={"total_seats": total}, now=now())


def sizes_and_states() -> list[tuple[int, str]]:
    """Return quantity and status of each waitlist entry, by place."""
    return list(WaitlistEntry.objects.order_by("place").values_list("qty", "status"))
