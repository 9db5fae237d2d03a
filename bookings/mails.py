"""Mails to customers about their bookings."""

from collections.abc import Sequence
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from accounts.models import User
from journal.handlers import Handler
from journal.models import Entry


def deliver(entries: Sequence[Entry]) -> None:
    """Send a confirmation for each booking. The Message-ID follows from the entry: a repeat is recognised as one."""
    for entry in entries:
        customer = User.objects.filter(pk=entry.data["customerId"], is_active=True).first()
        if customer is not None:
            confirmation(customer, entry.id, entry.data).send()


def confirmation(customer: User, entry_id: str, data: dict[str, Any]) -> EmailMultiAlternatives:
    starts_at = datetime.fromisoformat(data["eventDate"])
    context = {"customer": customer, "starts_at": starts_at, "public_url": settings.PUBLIC_URL, **data}
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return EmailMultiAlternatives(
        subject=f"Your booking for {' '.join(data['eventTitle'].split())}",
        body=render_to_string("bookings/mail/confirmation.txt", context),
        to=[customer.email],
        headers={"Message-ID": f"<{entry_id.replace(':', '.')}@{domain}>"},
    )


HANDLER = Handler(name="mail", types=frozenset({"booking.created"}), deliver=deliver, batch=1)
