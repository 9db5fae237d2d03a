"""How long notifications are kept."""

from datetime import datetime, timedelta

from realtime.models import Notification
from realtime.notifications.store import last_seq

RETENTION = timedelta(days=90)


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
