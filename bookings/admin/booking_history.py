"""A booking's whole story: its own journal, what its event went through since, and what its customer was told."""

from collections.abc import Iterable
from itertools import islice

from bookings.journal_entries import NOTICES
from bookings.models import Booking
from events.journal_entries import EventEntry
from journal.models import Entry
from journal.timeline import TimelineRow, timeline_rows

LONGEST = 100  # lines of each kind, newest first
SCANNED = 500  # of a customer's entries: they may have been told of many events
OF_THE_EVENT = (EventEntry.UPDATED, EventEntry.CANCELLED, EventEntry.HIDDEN, EventEntry.RESTORED)


def booking_history(booking: Booking) -> list[TimelineRow]:
    """Return the lines of a booking's timeline, newest first; each part comes from the index on ``subject``."""
    own = Entry.objects.filter(subject=booking.pk).order_by("-at")[:LONGEST]
    return timeline_rows([*own, *event_entries(booking), *notices(booking)])


def event_entries(booking: Booking) -> Iterable[Entry]:
    """Return what happened to the event since the booking."""
    since = Entry.objects.filter(subject=booking.event_id, at__gte=booking.created_at, type__in=OF_THE_EVENT)
    newest: Iterable[Entry] = since.order_by("-at")[:LONGEST]
    return newest


def notices(booking: Booking) -> list[Entry]:
    """Return what the customer was told about the event since the booking."""
    told = Entry.objects.filter(subject=booking.customer_id, at__gte=booking.created_at).order_by("-at")[:SCANNED]
    types = set(NOTICES.values())
    mine = (one for one in told if one.type in types and one.data.get("eventId") == booking.event_id)
    return list(islice(mine, LONGEST))
