"""Mails to customers: the journal's handler that sends them, each in the time zone of its event."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import User
from bookings.entries import BY_EVENT, CANCELLED, CREATED, RESENT
from bookings.models import Booking, WaitlistEntry
from bookings.notices import EVENT_CANCELLED, EVENT_UPDATED, news
from config import mail
from config.clock import now, written_out
from config.mail import Attachment
from events.calendars import to_ical
from events.entries import LABELS, MOMENTS
from events.models import Event
from journal.handlers import mail_handler
from journal.models import Entry

OFFERED = "waitlist.offered"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of mail: its templates, its subject (with the event's title), and what it has besides."""

    template: str
    subject: str
    details: Callable[[Entry, Event], dict[str, Any]] | None = None
    attach: Callable[[Entry, Event], list[Attachment]] | None = None


def deliver(entries: Sequence[Entry]) -> None:
    """Send one mail for each entry to its customer, unless they are blocked or gone, or it is true no more."""
    for entry in entries:
        if is_overtaken(entry):
            continue
        customer = User.objects.filter(pk=entry.data["customerId"], is_active=True).first()
        event = Event.objects.filter(pk=entry.data["eventId"]).first()
        if customer and event:
            send(KINDS[entry.type], entry, event, customer)


def is_overtaken(entry: Entry) -> bool:
    """Tell whether an entry says what has ended since.

    A mail that the server did not take waits up to a quarter of an hour: that a booking was cancelled may be told
    meanwhile, and its confirmation after that would say the contrary. So would an offer that has run out.
    """
    if entry.type == CREATED:
        return not Booking.objects.confirmed().filter(pk=entry.subject).exists()
    if entry.type == OFFERED:
        return not WaitlistEntry.objects.open().filter(pk=entry.subject, offer_expires_at__gt=now()).exists()
    return False


def send(kind: Kind, entry: Entry, event: Event, customer: User) -> None:
    context = {
        **entry.data,
        "customer": customer,
        "event": event,
        "starts_at": local(event.starts_at, event),
        **(kind.details(entry, event) if kind.details else {}),
    }
    mail.send(
        to=customer.email,
        subject=kind.subject.format(title=entry.data["eventTitle"]),
        template=f"bookings/mail/{kind.template}",
        context=context,
        key=entry.id,
        attachments=kind.attach(entry, event) if kind.attach else [],
    )


def local(moment: datetime, event: Event) -> str:
    """Return a moment as the clock on the event's wall shows it."""
    return f"{written_out(moment.astimezone(ZoneInfo(event.timezone)))} ({event.timezone})"


def calendar(entry: Entry, event: Event) -> list[Attachment]:
    content = to_ical(event, note=f"Booking {entry.data['id']}")
    return [Attachment(f"{event.id}.ics", content, "text/calendar")]


def changes(entry: Entry, event: Event) -> dict[str, Any]:
    """Return what changed, by the name that people know it under, old and new."""
    rows = [
        {"label": LABELS[name], "old": shown(name, values["old"], event), "new": shown(name, values["new"], event)}
        for name, values in news(entry.data["changes"]).items()
    ]
    return {"changes": rows}


def shown(name: str, value: str | None, event: Event) -> str:
    if not value:
        return "(none)"
    return local(datetime.fromisoformat(value), event) if name in MOMENTS else value


def offer(entry: Entry, event: Event) -> dict[str, Any]:
    return {"expires_at": local(datetime.fromisoformat(entry.data["offerExpiresAt"]), event)}


KINDS = {
    CREATED: Kind("confirmation", "Your booking for {title}", attach=calendar),
    RESENT: Kind("confirmation", "Your booking for {title}", attach=calendar),
    CANCELLED: Kind("cancellation", "Your booking for {title} is cancelled"),
    EVENT_UPDATED: Kind("event_changed", "{title} has changed", details=changes),
    EVENT_CANCELLED: Kind("event_cancelled", "{title} is cancelled"),
    OFFERED: Kind("offer", "Seats are free for {title}", details=offer),
}


def wants(type: str, data: dict[str, Any]) -> bool:  # noqa: A002 - the entry's own word
    """Bookings that end with their event are told of by one mail about the event, however many they are."""
    return data.get("reason") != BY_EVENT or type != CANCELLED


HANDLER = mail_handler(name="mail", types=frozenset(KINDS), deliver=deliver, wants=wants)
