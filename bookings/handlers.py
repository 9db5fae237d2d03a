"""Handlers of journal entries: mails to customers, and jobs over all bookings of an event."""

from collections.abc import Sequence

from bookings import mails
from bookings.bulk import jobs
from bookings.bulk.change_notices import announced_changes
from bookings.journal_entries import BY_EVENT, BookingEntry
from events.journal_entries import EventEntry
from events.models import Event
from journal.documents import EntryData
from journal.handlers import Handler, MailHandler
from journal.models import Entry


class CustomerMail(MailHandler):
    """Sends the mails of bookings/mails.py.

    For bookings that were cancelled with their event it sends none: one notice covers all bookings of the customer.
    """

    name = "mail"
    types = frozenset(mails.MAILS)

    def wants(self, entry_type: str, data: EntryData) -> bool:
        return entry_type != BookingEntry.CANCELLED or data["reason"] != BY_EVENT

    def deliver(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            mails.send_to_customer(entry)


class EventJobs(Handler):
    """Begins jobs. Drafts need none, since they have no customers; nor do changes that customers need not know."""

    name = "jobs"
    types = frozenset(jobs.KINDS)

    def wants(self, entry_type: str, data: EntryData) -> bool:
        is_announced = entry_type == EventEntry.CANCELLED or bool(announced_changes(data["changes"]))
        return data["status"] == Event.Status.PUBLISHED and is_announced

    def deliver(self, entries: Sequence[Entry]) -> None:
        jobs.begin(entries)
