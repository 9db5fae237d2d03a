"""Mails to organizers about what staff decided: the journal's handler that sends them, at once."""

from collections.abc import Sequence
from typing import Any

from accounts.models import User
from config import mail
from events.models import Event
from journal.handlers import mail_handler
from journal.models import Entry

SUBJECTS = {
    "event.hidden": "{title} is hidden",
    "event.restored": "{title} is back on the list",
    "event.cancelled": "{title} was cancelled by us",
}


def deliver(entries: Sequence[Entry]) -> None:
    """Send one mail for each entry to the event's organizer, unless they are blocked or gone."""
    for entry in entries:
        organizer = User.objects.filter(pk=entry.data["organizerId"], is_active=True).first()
        event = Event.objects.filter(pk=entry.subject).first()
        if organizer and event:
            send(entry, event, organizer)


def send(entry: Entry, event: Event, organizer: User) -> None:
    mail.send(
        to=organizer.email,
        subject=SUBJECTS[entry.type].format(title=entry.data["title"]),
        template=f"events/mail/{entry.type.removeprefix('event.')}",
        context={**entry.data, "organizer": organizer, "event": event},
        key=entry.id,
    )


def wants(type: str, data: dict[str, Any]) -> bool:  # noqa: A002 - the entry's own word
    """Organizers know what they cancelled themselves."""
    return bool(data.get("byStaff"))


HANDLER = mail_handler(name="event_mail", types=frozenset(SUBJECTS), deliver=deliver, wants=wants)
