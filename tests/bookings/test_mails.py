"""Mails to customers: what each says, in the event's own time, once."""

import smtplib
from datetime import UTC, datetime, timedelta
from unittest.mock import Mock

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend
from icalendar import Calendar

from accounts import blocking
from accounts.models import User
from bookings.bulk import jobs
from bookings.cancellation import cancel_booking
from bookings.models import WaitlistEntry
from bookings.waitlist import joining
from config.core.clock import now
from events.editing import update_event
from events.lifecycle import cancel_event
from events.models import Event
from journal.dispatch import dispatch
from journal.models import Entry
from tests.support import factories


@pytest.fixture(autouse=True)
def outbox(settings) -> list[EmailMultiAlternatives]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return mail.outbox


@pytest.fixture
def berlin(organizer: User) -> Event:
    """Eight in the evening on the clocks of Berlin."""
    at = datetime(factories.NEXT_YEAR.year, 7, 1, 18, 0, tzinfo=UTC)
    return factories.make_published_event(
        organizer, starts_at=at, timezone="Europe/Berlin", city="Berlin", venue="Old Town Hall"
    )


def deliver() -> EmailMultiAlternatives:
    """Do all that the worker would, and return the one mail that was sent."""
    dispatch("jobs")
    jobs.run_jobs()
    dispatch("mail")
    (sent,) = mail.outbox
    return sent


def html_of(sent: EmailMultiAlternatives) -> str:
    ((content, mime_type),) = sent.alternatives
    assert mime_type == "text/html"
    return str(content)


def clear() -> None:
    dispatch("mail")
    mail.outbox.clear()


def test_a_confirmation_says_what_was_booked(event, customer: User):
    booking = factories.make_booking(event, customer, qty=2)

    sent = deliver()

    assert (sent.to, sent.subject) == ([customer.email], "Your booking for Jazz Night")
    for part in ("Hello Carl Customer", "Jazz Night", "2 seats, 50.00 EUR", booking["id"], "18:00 (UTC)"):
        assert part in sent.body
    for part in ("Hello Carl Customer", "Jazz Night", "2, 50.00 EUR", booking["id"], "18:00 (UTC)"):
        assert part in html_of(sent)


def test_times_are_those_of_the_clock_on_the_events_wall(berlin: Event, customer: User):
    factories.make_booking(berlin, customer)

    assert "20:00 (Europe/Berlin)" in deliver().body


def test_a_confirmation_puts_the_event_into_the_calendar(berlin: Event, customer: User):
    booking = factories.make_booking(berlin, customer)

    ((name, content, mime_type),) = deliver().attachments

    (entry,) = Calendar.from_ical(content).events
    assert (name, mime_type) == (f"{berlin.id}.ics", "text/calendar")
    assert (entry.start, str(entry["location"])) == (berlin.starts_at, "Old Town Hall, Berlin")
    assert booking["id"] in str(entry["description"])


def test_a_mail_is_sent_once(event, customer: User, outbox):
    factories.make_booking(event, customer)

    dispatch("mail")
    dispatch("mail")

    assert len(outbox) == 1


def test_its_message_id_follows_from_the_booking(event, customer: User):
    booking = factories.make_booking(event, customer)

    assert deliver().extra_headers["Message-ID"] == f"<booking.created.{booking['id']}@localhost>"


@pytest.mark.parametrize("title", ["Jazz\nBcc: all@example.com", "Jazz\r\n\r\nHi", "Ünï 🎷 <b>x</b>"])
def test_a_title_cannot_add_headers(organizer: User, customer: User, title: str):
    event = factories.make_published_event(organizer, title=title)
    factories.make_booking(event, customer)

    sent = deliver()

    assert (sent.recipients(), sent.subject) == ([customer.email], f"Your booking for {' '.join(title.split())}")
    assert sent.message()


def test_a_title_is_no_markup(organizer: User, customer: User):
    event = factories.make_published_event(organizer, title="<script>alert(1)</script> & Co.")
    factories.make_booking(event, customer)

    sent = deliver()

    assert "<script>alert(1)</script> & Co." in sent.body
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Co." in html_of(sent)
    assert "<script>" not in html_of(sent)


def test_a_blocked_customer_gets_none(event, customer: User, outbox):
    factories.make_booking(event, customer)
    blocking.block(user_id=customer.id, now=now())

    dispatch("mail")

    assert outbox == []


def test_a_cancelled_booking_is_confirmed(event, customer: User):
    booking = factories.make_booking(event, customer)
    clear()
    cancel_booking(booking_id=booking["id"], by=customer.as_actor(), now=now())

    sent = deliver()

    assert sent.subject == "Your booking for Jazz Night is cancelled"
    assert "as you asked" in sent.body
    assert booking["id"] in sent.body


def test_a_booking_cancelled_by_staff_says_why(event, customer: User, staff: User):
    booking = factories.make_booking(event, customer)
    clear()
    cancel_booking(booking_id=booking["id"], by=staff.as_actor(), now=now(), note="Paid twice <by card>.")

    sent = deliver()

    assert "cancelled by our staff. They say: Paid twice <by card>." in sent.body
    assert "Paid twice &lt;by card&gt;." in html_of(sent)


def test_a_changed_event_says_what_was_and_what_is(berlin: Event, customer: User):
    factories.make_booking(berlin, customer)
    clear()
    changes = {"starts_at": berlin.starts_at + timedelta(hours=1), "venue": "Harbour Stage"}
    update_event(event_id=berlin.id, by=berlin.organizer.as_actor(), changes=changes, now=now())

    sent = deliver()

    assert sent.subject == "Jazz Night has changed"
    for part in ("20:00 (Europe/Berlin)", "21:00 (Europe/Berlin)", "was: Old Town Hall", "now: Harbour Stage"):
        assert part in sent.body
    assert "Harbour Stage" in html_of(sent)


def test_a_cancelled_event_says_so_once_and_why(event: Event, customer: User):
    factories.make_booking(event, customer)
    factories.make_booking(event, customer)
    clear()
    cancel_event(event_id=event.id, by=event.organizer.as_actor(), now=now(), reason="The venue is flooded.")

    sent = deliver()

    assert sent.subject == "Jazz Night is cancelled"
    assert "The organizer says: The venue is flooded." in sent.body


def test_an_offer_says_until_when_it_holds_and_where(event: Event, customer: User, other_customer: User, settings):
    factories.make_booking(event, other_customer, qty=10)
    clear()
    joining.join_waitlist(event_id=event.id, customer=customer.as_actor(), qty=2, now=now())
    update_event(event_id=event.id, by=event.organizer.as_actor(), changes={"total_seats": 12}, now=now())

    sent = deliver()

    assert (sent.to, sent.subject) == ([customer.email], "Seats are free for Jazz Night")
    assert "2 seats are held for you until" in sent.body
    assert f"{settings.PUBLIC_URL}/e/{event.id}" in sent.body


def test_the_wrong_address_of_one_does_not_stop_the_rest(event, customer: User, other_customer: User, monkeypatch):
    """As a mail server refuses it; tests/realtime sends through a real one."""
    real = EmailBackend.send_messages

    def picky(self: EmailBackend, messages: list[EmailMultiAlternatives]) -> int:
        if customer.email in messages[0].to:
            raise smtplib.SMTPRecipientsRefused({customer.email: (550, b"no such mailbox")})
        return real(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", picky)
    factories.make_booking(event, customer)
    factories.make_booking(event, other_customer)

    assert deliver().to == [other_customer.email]
    refused = Entry.objects.get(type="booking.created", actor=customer.id)
    assert refused.pending == [name for name in refused.pending if name != "mail"]
    assert "550" in refused.failures["mail"]["error"]


def test_a_confirmation_that_comes_too_late_is_not_sent(event, customer: User, outbox):
    """The server took no mail for a while; what was cancelled meanwhile must not be confirmed afterwards."""
    booking = factories.make_booking(event, customer)
    cancel_booking(booking_id=booking["id"], by=customer.as_actor(), now=now())

    assert deliver().subject == "Your booking for Jazz Night is cancelled"


def test_an_offer_that_has_run_out_is_not_sent(event: Event, customer: User, other_customer: User, outbox):
    factories.make_booking(event, other_customer, qty=10)
    clear()
    joining.join_waitlist(event_id=event.id, customer=customer.as_actor(), qty=2, now=now())
    update_event(event_id=event.id, by=event.organizer.as_actor(), changes={"total_seats": 12}, now=now())
    WaitlistEntry.objects.update(offer_expires_at=now() - timedelta(seconds=1))

    dispatch("mail")

    assert outbox == []


@pytest.mark.parametrize(
    "refusal",
    [
        smtplib.SMTPSenderRefused(550, b"not yours to send from", "box@example.com"),
        smtplib.SMTPRecipientsRefused({"carl.customer@example.com": (530, b"sign in first")}),
    ],
)
def test_where_the_set_up_is_wrong_mails_wait(event, customer: User, monkeypatch, refusal: smtplib.SMTPException):
    monkeypatch.setattr(EmailBackend, "send_messages", Mock(side_effect=refusal))
    factories.make_booking(event, customer)

    dispatch("mail")

    assert "mail" in Entry.objects.get(type="booking.created").pending
