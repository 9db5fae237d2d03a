"""Telling everyone who booked: one journal entry for each of them, so that each is told once.

The id of a notice follows from the job and the customer; a chunk that is repeated after a crash writes nothing new.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bookings.journal_entries import event_notice
from bookings.models import EventJob
from events.journal_entries import FieldChange
from journal.append import deliver_and_append

ANNOUNCED_FIELDS = {"title", "description", "starts_at", "ends_at", "timezone", "city", "venue", "price"}


def announced_changes(changes: Mapping[str, FieldChange]) -> dict[str, FieldChange]:
    """Return the changes that those who booked are told of: not seats, tags and category."""
    return {name: values for name, values in changes.items() if name in ANNOUNCED_FIELDS}


def write_notices(job: EventJob, customers: Iterable[str], *, now: datetime) -> None:
    """Write the notices of a job for these customers; who has one already gets no second."""
    changes = announced_changes(job.data.get("changes", {}))
    deliver_and_append([event_notice(job, one, changes=changes, at=now) for one in sorted(set(customers))])
