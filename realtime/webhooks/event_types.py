"""What organizers can have sent to their own systems, in the order in which the API's document lists it."""

from bookings import journal_entries as bookings
from bookings.waitlist import journal_entries as waitlist
from events import journal_entries as events

DECLARED = (*bookings.ENTRY_TYPES, *events.ENTRY_TYPES, *waitlist.ENTRY_TYPES)
EVENT_TYPES = tuple(str(one.name) for one in DECLARED if one.webhook)
