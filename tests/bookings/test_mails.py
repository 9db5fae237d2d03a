"""The confirmation mail."""

import pytest
from django.core import mail

from accounts import services
from accounts.models import User
from config.clock import now
from journal.drain import drain
from tests import factories


@pytest.fixture(autouse=True)
def outbox(settings) -> list[mail.EmailMessage]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return mail.outbox


def test_says_what_was_booked(event, customer: User, outbox):
    booking = factories.make_booking(event, customer, qty=2)

    drain("mail")

    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == ([customer.email], "Your booking for Jazz Night")
    for part in ("Hello Carl Customer", "Jazz Night", "2 seats, 50.00 EUR", booking["id"], "18:00 (UTC)"):
        assert part in sent.body


def test_is_sent_once(event, customer: User, outbox):
    factories.make_booking(event, customer)

    drain("mail")
    drain("mail")

    assert len(mail.outbox) == 1


def test_its_message_id_follows_from_the_booking(event, customer: User, outbox):
    booking = factories.make_booking(event, customer)

    drain("mail")

    assert mail.outbox[0].extra_headers["Message-ID"] == f"<booking.created.{booking['id']}@localhost>"


@pytest.mark.parametrize("title", ["Jazz\nBcc: all@example.com", "Jazz\r\n\r\nHi", "Ünï 🎷 <b>x</b>"])
def test_a_title_cannot_add_headers(organizer: User, customer: User, outbox, title: str):
    event = factories.make_published_event(organizer, title=title)
    factories.make_booking(event, customer)

    drain("mail")

    (sent,) = mail.outbox
    assert (sent.recipients(), sent.subject) == ([customer.email], f"Your booking for {' '.join(title.split())}")
    assert sent.message()


def test_a_blocked_customer_gets_none(event, customer: User, outbox):
    factories.make_booking(event, customer)
    services.block(user_id=customer.id, now=now())

    drain("mail")

    assert mail.outbox == []
