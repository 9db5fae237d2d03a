"""Notices to customers who booked an event: one journal entry for each job and customer.

Its id follows from the two: a chunk that is repeated after a crash writes nothing new.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bookings.journal_entries import event_notice
from bookings.models import EventJob
from events.journal_entries import FieldChange
from journal.append import deliver_and_append

ANNOUNCED_FIELDS = {"title", "description", "starts_at", "ends_at", "timezone", "city", "venue", "price"}


def announced_changes(changes: Mapping[str, FieldChange]) -> dict[str, FieldChange]:
    """Return the changes that customers are notified of: seats, tags and category are not among them."""
    return {name: values for name, values in changes.items() if name in ANNOUNCED_FIELDS}


def write_notices(job: EventJob, customers: Iterable[str], *, now: datetime) -> None:
    """Write the notices of a job for these customers; a notice that exists stays as it is."""
    changes = announced_changes(job.data.get("changes", {}))
    deliver_and_append([event_notice(job, one, changes=changes, at=now) for one in sorted(set(customers))])
