"""Steps of tests about jobs over all bookings of an event."""

from bookings.bulk import jobs
from bookings.models import EventJob
from config.core.clock import now
from events.editing import update_event
from events.lifecycle import cancel_event
from events.models import Event
from journal.dispatch import dispatch
from journal.models import Entry


def cancel(event: Event, reason: str = "The venue is flooded.") -> None:
    cancel_event(event_id=event.id, by=event.organizer.as_actor(), now=now(), reason=reason)


def change(event: Event, **changes: object) -> None:
    update_event(event_id=event.id, by=event.organizer.as_actor(), changes=changes, now=now())


def store_jobs() -> None:
    """Let the journal begin the jobs."""
    dispatch("jobs")


def run_jobs() -> None:
    """Let the journal begin the jobs, and the worker finish them."""
    store_jobs()
    jobs.run_jobs()


def only_job() -> EventJob:
    return EventJob.objects.get()


def customers_notified() -> list[str]:
    """Return the customer of each notice that an event is cancelled."""
    return sorted(Entry.objects.filter(type="notice.event_cancelled").values_list("subject", flat=True))


def changes_notified() -> list[tuple[str, dict[str, object]]]:
    """Return customer and changes of each notice that an event has changed, in the order of the notices."""
    found = Entry.objects.filter(type="notice.event_updated").order_by("at", "id")
    return [(entry.subject, entry.data["changes"]) for entry in found]
