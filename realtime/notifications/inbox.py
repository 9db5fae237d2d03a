"""Marking notifications as read."""

from dataclasses import dataclass

from accounts.actors import Actor
from realtime.models import Notification

MAX_SEQ = 2**63 - 1  # the largest integer that BSON holds


@dataclass(frozen=True, slots=True)
class MarkedAsRead:
    """How many notifications became read, and how many are still unread."""

    updated: int
    unread: int


def mark_read(*, by: Actor, up_to: int) -> MarkedAsRead:
    """Mark the actor's notifications with ``seq <= up_to`` as read. Of concurrent calls, one counts each of them."""
    unread = Notification.objects.of(by).unread()
    updated = unread.filter(seq__lte=up_to).update(read=True)
    return MarkedAsRead(updated=updated, unread=unread.count())
