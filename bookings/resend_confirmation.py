"""Sending a customer's confirmation once more."""

from datetime import datetime

from accounts.actors import Actor
from bookings.cancellation import complete_journal, find_visible
from bookings.journal_entries import created_id, mail_resent
from bookings.models import Booking
from config.core.errors import Conflict, Forbidden
from journal.append import append
from journal.models import Entry


class NotConfirmed(Conflict):
    code = "not_confirmed"
    detail = "This booking is cancelled: there is nothing to confirm."


class StaffOnly(Forbidden):
    detail = "Only staff can have a confirmation sent again."


def resend_confirmation(*, booking_id: str, by: Actor, now: datetime, note: str = "") -> Booking:
    """Have the confirmation sent again, as it was worded when the booking was made; return the booking.

    The mail follows from a journal entry of its own, and its Message-ID from that entry's id: no mail program takes
    it for the first one come twice.

    Raises:
        StaffOnly.  NotFound: no such booking.  NotConfirmed: it is cancelled.
    """
    if not by.is_staff:
        raise StaffOnly
    booking = find_visible(booking_id, by=by)
    if booking.status != Booking.Status.CONFIRMED:
        raise NotConfirmed
    complete_journal(booking)
    created: Entry = Entry.objects.get(pk=created_id(booking.pk))
    append(mail_resent(created, by=by, note=note, at=now))
    return booking
