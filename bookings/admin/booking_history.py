"""The history of a booking: its own entries, changes of its event, and notices to its customer."""

from collections.abc import Iterable
from itertools import islice

from bookings.journal_entries import NOTICES
from bookings.models import Booking
from events.journal_entries import EventEntry
from journal.models import Entry
from journal.timeline import TimelineRow, timeline_rows

LONGEST = 100  # rows of each kind, newest first
SCANNED = 500  # entries of a customer: they may be about many events
EVENT_CHANGES = (EventEntry.UPDATED, EventEntry.CANCELLED, EventEntry.HIDDEN, EventEntry.RESTORED)


def booking_history(booking: Booking) -> list[TimelineRow]:
    """Return the rows of a booking's timeline, newest first; the index on ``subject`` serves each part."""
    own = Entry.objects.filter(subject=booking.pk).order_by("-at")[:LONGEST]
    return timeline_rows([*own, *event_entries(booking), *notices(booking)])


def event_entries(booking: Booking) -> Iterable[Entry]:
    """Return changes of the event since the booking was made."""
    since = Entry.objects.filter(subject=booking.event_id, at__gte=booking.created_at, type__in=EVENT_CHANGES)
    newest: Iterable[Entry] = since.order_by("-at")[:LONGEST]
    return newest


def notices(booking: Booking) -> list[Entry]:
    """Return notices about the event that the customer got since the booking was made."""
    since = Entry.objects.filter(subject=booking.customer_id, at__gte=booking.created_at).order_by("-at")[:SCANNED]
    types = set(NOTICES.values())
    matching = (entry for entry in since if entry.type in types and entry.data.get("eventId") == booking.event_id)
    return list(islice(matching, LONGEST))
