"""Reading notifications: what their recipient has seen."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.actors import Actor
from realtime.models import Notification
from realtime.notifications.store import last_seq

LARGEST_SEQ = 2**63 - 1  # what BSON holds
KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Marked:
    """How many notifications became read, and how many are not."""

    updated: int
    unread: int


def expire_old(*, now: datetime) -> int:
    """Delete notifications older than KEPT and return how many; each recipient's newest stays.

    The next seq follows from the newest: without it a recipient's numbers would begin again.
    """
    old = {"created_at": {"$lt": now - KEPT}}
    notifications, deleted = Notification.documents, 0
    for recipient in notifications.distinct("recipient", old):
        earlier = {**old, "recipient": recipient, "seq": {"$lt": last_seq(recipient)}}
        deleted += notifications.delete_many(earlier).deleted_count
    return int(deleted)


def mark_read(*, by: Actor, up_to: int) -> Marked:
    """Mark the caller's notifications with ``seq <= up_to`` as read. Two calls at once count each of them once."""
    unread = Notification.objects.of(by).unread()
    updated = unread.filter(seq__lte=up_to).update(read=True)
    return Marked(updated=updated, unread=unread.count())
