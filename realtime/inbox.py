"""Reading notifications: what their recipient has seen."""

from dataclasses import dataclass

from accounts.callers import Caller
from realtime.models import Notification

LARGEST_SEQ = 2**63 - 1  # what BSON holds


@dataclass(frozen=True, slots=True)
class Marked:
    """How many notifications became read, and how many are not."""

    updated: int
    unread: int


def mark_read(*, by: Caller, up_to: int) -> Marked:
    """Mark the caller's notifications with ``seq <= up_to`` as read. Two calls at once count each of them once."""
    unread = Notification.objects.of(by).unread()
    updated = unread.filter(seq__lte=up_to).update(read=True)
    return Marked(updated=updated, unread=unread.count())
