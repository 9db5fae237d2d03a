"""Mails to organizers about decisions of staff."""

from accounts.models import User
from config.core import mail
from events.journal_entries import EventEntry
from events.models import Event
from journal.models import Entry

SUBJECTS = {
    EventEntry.HIDDEN: "{title} is hidden",
    EventEntry.RESTORED: "{title} is back on the list",
    EventEntry.CANCELLED: "{title} was cancelled by us",
}


def send_decision(entry: Entry) -> None:
    """Send the mail about a decision to the event's organizer, unless they are blocked or deleted."""
    organizer = User.objects.filter(pk=entry.data["organizerId"], is_active=True).first()
    event = Event.objects.filter(pk=entry.subject).first()
    if organizer and event:
        mail.send(
            to=organizer.email,
            subject=SUBJECTS[EventEntry(entry.type)].format(title=entry.data["title"]),
            template=f"events/mail/{entry.type.removeprefix('event.')}",
            context={**entry.data, "organizer": organizer, "event": event},
            key=entry.id,
        )
