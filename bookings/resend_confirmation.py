"""Sending the confirmation of a booking again."""

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
    detail = "This booking is cancelled, so its confirmation cannot be sent."


class StaffOnly(Forbidden):
    detail = "Only staff may send a confirmation again."


def resend_confirmation(*, booking_id: str, by: Actor, now: datetime, note: str = "") -> Booking:
    """Send the confirmation again, with the data of the first one; return the booking.

    The mail belongs to a journal entry of its own, which gives it a Message-ID of its own: mail programs do not drop
    it as a duplicate.

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
