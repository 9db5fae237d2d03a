"""Events as iCalendar (RFC 5545), for /calendar.ics and for the attachment of mails."""

from datetime import timedelta

from django.conf import settings
from icalendar import Calendar
from icalendar import Event as CalendarEvent

from events.models import Event

DEFAULT_LENGTH = timedelta(hours=2)  # of an event without an end


def to_ical(event: Event, *, note: str = "") -> bytes:
    """Return a calendar with this event; ``note`` comes before its description.

    Times are in UTC: calendar programs show them in the user's own zone. UID and SEQUENCE let a calendar that already
    has the event replace it after a change.
    """
    entry = CalendarEvent()
    entry.add("uid", f"{event.id}@boxoffice")
    entry.add("sequence", event.version)
    entry.add("dtstamp", event.updated_at)
    entry.add("dtstart", event.starts_at)
    entry.add("dtend", event.ends_at or event.starts_at + DEFAULT_LENGTH)
    entry.add("summary", event.title)
    entry.add("location", ", ".join(part for part in (event.venue, event.city) if part))
    if text := "\n\n".join(part for part in (note, event.description) if part):
        entry.add("description", text)
    entry.add("status", "CANCELLED" if event.status == Event.Status.CANCELLED else "CONFIRMED")
    entry.add("url", f"{settings.PUBLIC_URL}/e/{event.id}")
    calendar = Calendar()
    calendar.add("prodid", "-//Box Office//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(entry)
    return calendar.to_ical()
