"""Old notifications are deleted, and a recipient's seq still rises."""

from datetime import timedelta

from accounts.models import User
from config.core.clock import now
from realtime.models import Notification
from realtime.notifications.retention import RETENTION, delete_expired
from realtime.notifications.store import last_seq, store


def store_aged(recipient: str, *ages: timedelta) -> None:
    """Store a notification of each age, oldest first."""
    common = {"recipient": recipient, "type": "booking.created", "read": False, "data": {}}
    drafts = [{**common, "_id": f"{recipient}:{number}", "created_at": now() - age} for number, age in enumerate(ages)]
    store(drafts)


def seqs(recipient: str) -> list[int]:
    return list(Notification.objects.filter(recipient=recipient).order_by("seq").values_list("seq", flat=True))


def test_notifications_older_than_the_retention_are_deleted(organizer: User):
    store_aged(
        organizer.id, RETENTION * 2, RETENTION + timedelta(hours=1), RETENTION - timedelta(hours=1), timedelta(0)
    )

    assert (delete_expired(now=now()), seqs(organizer.id)) == (2, [3, 4])


def test_the_newest_is_kept_so_that_seq_does_not_restart(organizer: User):
    store_aged(organizer.id, RETENTION * 3, RETENTION * 2)

    delete_expired(now=now())

    assert (seqs(organizer.id), last_seq(organizer.id)) == ([2], 2)
