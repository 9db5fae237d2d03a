"""When mails to customers are sent, and when not."""

import smtplib
from datetime import timedelta
from unittest.mock import Mock

import pytest
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend

from accounts import blocking
from accounts.models import User
from bookings.cancellation import cancel_booking
from bookings.models import WaitlistEntry
from bookings.waitlist import joining
from config.core.clock import now
from events.editing import update_event
from events.models import Event
from journal.dispatch import dispatch
from journal.models import Entry
from tests.support import factories
from tests.support.customer_mails import discard, send_one


def test_a_second_dispatch_sends_nothing(event, customer: User, outbox):
    factories.make_booking(event, customer)

    dispatch("mail")
    dispatch("mail")

    assert len(outbox) == 1


def test_the_message_id_follows_from_the_booking(event, customer: User):
    booking = factories.make_booking(event, customer)

    assert send_one().extra_headers["Message-ID"] == f"<booking.created.{booking['id']}@localhost>"


def test_a_blocked_customer_gets_no_mail(event, customer: User, outbox):
    factories.make_booking(event, customer)
    blocking.block(user_id=customer.id, now=now())

    dispatch("mail")

    assert outbox == []


def test_an_address_that_is_refused_does_not_stop_other_mails(event, customer: User, other_customer: User, monkeypatch):
    """As a mail server refuses it; tests/realtime sends through a real one."""
    real = EmailBackend.send_messages

    def picky(self: EmailBackend, messages: list[EmailMultiAlternatives]) -> int:
        if customer.email in messages[0].to:
            raise smtplib.SMTPRecipientsRefused({customer.email: (550, b"no such mailbox")})
        return real(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", picky)
    factories.make_booking(event, customer)
    factories.make_booking(event, other_customer)

    assert send_one().to == [other_customer.email]
    refused = Entry.objects.get(type="booking.created", actor=customer.id)
    assert refused.pending == [name for name in refused.pending if name != "mail"]
    assert "550" in refused.failures["mail"]["error"]


def test_no_confirmation_is_sent_after_a_cancellation(event, customer: User, outbox):
    """The server took no mail for a while; what was cancelled meanwhile must not be confirmed afterwards."""
    booking = factories.make_booking(event, customer)
    cancel_booking(booking_id=booking["id"], by=customer.as_actor(), now=now())

    assert send_one().subject == "Your booking for Jazz Night is cancelled"


def test_an_expired_offer_is_not_sent(event: Event, customer: User, other_customer: User, outbox):
    factories.make_booking(event, other_customer, qty=10)
    discard()
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
def test_mails_wait_while_the_server_refuses_the_sender(
    event, customer: User, monkeypatch, refusal: smtplib.SMTPException
):
    monkeypatch.setattr(EmailBackend, "send_messages", Mock(side_effect=refusal))
    factories.make_booking(event, customer)

    dispatch("mail")

    assert "mail" in Entry.objects.get(type="booking.created").pending
