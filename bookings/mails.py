"""Mails to customers, each in the time zone of its event."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from accounts.models import User
from bookings.bulk.change_notices import announced_changes
from bookings.journal_entries import BookingEntry, NoticeData
from bookings.models import Booking, WaitlistEntry
from bookings.waitlist.journal_entries import WaitlistOfferedData, WaitlistStep
from config.core import mail
from config.core.clock import now, written_out
from config.core.mail import Attachment
from events.calendars import to_ical
from events.field_values import LABELS, MOMENTS
from events.models import Event
from journal.models import Entry


def always(entry: Entry) -> bool:
    return True


def no_details(entry: Entry, event: Event) -> Mapping[str, object]:
    return {}


def no_attachment(entry: Entry, event: Event) -> list[Attachment]:
    return []


def is_confirmed(entry: Entry) -> bool:
    return Booking.objects.confirmed().filter(pk=entry.subject).exists()


def has_open_offer(entry: Entry) -> bool:
    return WaitlistEntry.objects.open().filter(pk=entry.subject, offer_expires_at__gt=now()).exists()


def changes(entry: Entry, event: Event) -> Mapping[str, object]:
    """Return the label, the old and the new value of each change."""
    data: NoticeData = entry.data
    rows = [
        {"label": LABELS[name], "old": shown(name, values["old"], event), "new": shown(name, values["new"], event)}
        for name, values in announced_changes(data["changes"]).items()
    ]
    return {"changes": rows}


def shown(name: str, value: object, event: Event) -> str:
    if not value:
        return "(none)"
    return local(datetime.fromisoformat(str(value)), event) if name in MOMENTS else str(value)


def offer_end(entry: Entry, event: Event) -> Mapping[str, object]:
    data: WaitlistOfferedData = entry.data
    return {"expires_at": local(datetime.fromisoformat(data["offerExpiresAt"]), event)}


def calendar_file(entry: Entry, event: Event) -> list[Attachment]:
    content = to_ical(event, note=f"Booking {entry.data['id']}")
    return [Attachment(f"{event.id}.ics", content, "text/calendar")]


@dataclass(frozen=True, slots=True)
class Mail:
    """A kind of mail: its templates, its subject, further data for the templates, and its attachments.

    ``is_valid`` is checked before it is sent. A mail that the server did not accept is retried for up to a quarter of
    an hour; the booking may be cancelled by then, and a confirmation must not follow its cancellation.
    """

    template: str
    subject: str
    details: Callable[[Entry, Event], Mapping[str, object]] = no_details
    attach: Callable[[Entry, Event], list[Attachment]] = no_attachment
    is_valid: Callable[[Entry], bool] = always


MAILS: dict[str, Mail] = {
    BookingEntry.CREATED: Mail("confirmation", "Your booking for {title}", attach=calendar_file, is_valid=is_confirmed),
    BookingEntry.MAIL_RESENT: Mail("confirmation", "Your booking for {title}", attach=calendar_file),
    BookingEntry.CANCELLED: Mail("cancellation", "Your booking for {title} is cancelled"),
    BookingEntry.NOTICE_EVENT_UPDATED: Mail("event_changed", "{title} has changed", details=changes),
    BookingEntry.NOTICE_EVENT_CANCELLED: Mail("event_cancelled", "{title} is cancelled"),
    WaitlistStep.OFFERED: Mail("offer", "Seats are free for {title}", details=offer_end, is_valid=has_open_offer),
}


def send_to_customer(entry: Entry) -> None:
    """Send the mail of an entry, unless it is no longer valid or its customer is blocked or deleted."""
    kind = MAILS[entry.type]
    if not kind.is_valid(entry):
        return
    customer = User.objects.filter(pk=entry.data["customerId"], is_active=True).first()
    event = Event.objects.filter(pk=entry.data["eventId"]).first()
    if customer and event:
        compose_and_send(kind, entry, event, customer)


def compose_and_send(kind: Mail, entry: Entry, event: Event, customer: User) -> None:
    context = {
        **entry.data,
        "customer": customer,
        "event": event,
        "starts_at": local(event.starts_at, event),
        **kind.details(entry, event),
    }
    mail.send(
        to=customer.email,
        subject=kind.subject.format(title=entry.data["eventTitle"]),
        template=f"bookings/mail/{kind.template}",
        context=context,
        key=entry.id,
        attachments=kind.attach(entry, event),
    )


def local(moment: datetime, event: Event) -> str:
    """Return a moment in the time zone of the event, with its name."""
    return f"{written_out(moment.astimezone(ZoneInfo(event.timezone)))} ({event.timezone})"
