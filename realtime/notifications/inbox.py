"""Marking notifications as read, and deleting old ones."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.actors import Actor
from realtime.models import Notification
from realtime.notifications.store import last_seq

MAX_SEQ = 2**63 - 1  # the largest integer that BSON holds
RETENTION = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class MarkedAsRead:
    """How many notifications became read, and how many are still unread."""

    updated: int
    unread: int


def delete_expired(*, now: datetime) -> int:
    """Delete notifications older than RETENTION and return how many; each recipient's newest stays.

    The next seq follows from the newest: without it a recipient's numbers would begin again.
    """
    old = {"created_at": {"$lt": now - RETENTION}}
    notifications, deleted = Notification.documents, 0
    for recipient in notifications.distinct("recipient", old):
        earlier = {**old, "recipient": recipient, "seq": {"$lt": last_seq(recipient)}}
        deleted += notifications.delete_many(earlier).deleted_count
    return int(deleted)


def mark_read(*, by: Actor, up_to: int) -> MarkedAsRead:
    """Mark the actor's notifications with ``seq <= up_to`` as read. Of concurrent calls, one counts each of them."""
    unread = Notification.objects.of(by).unread()
    updated = unread.filter(seq__lte=up_to).update(read=True)
    return MarkedAsRead(updated=updated, unread=unread.count())
