"""Old notifications go, and numbers go on."""

from datetime import timedelta

from accounts.models import User
from config.core.clock import now
from realtime.models import Notification
from realtime.notifications.inbox import KEPT, expire_old
from realtime.notifications.store import last_seq, store


def put(recipient: str, *ages: timedelta) -> None:
    """Store a notification of each age, oldest first."""
    common = {"recipient": recipient, "type": "booking.created", "read": False, "data": {}}
    drafts = [{**common, "_id": f"{recipient}:{number}", "created_at": now() - age} for number, age in enumerate(ages)]
    store(drafts)


def seqs(recipient: str) -> list[int]:
    return list(Notification.objects.filter(recipient=recipient).order_by("seq").values_list("seq", flat=True))


def test_what_is_old_goes(organizer: User):
    put(organizer.id, KEPT * 2, KEPT + timedelta(hours=1), KEPT - timedelta(hours=1), timedelta(0))

    assert (expire_old(now=now()), seqs(organizer.id)) == (2, [3, 4])


def test_the_newest_stays_so_that_numbers_go_on(organizer: User):
    put(organizer.id, KEPT * 3, KEPT * 2)

    expire_old(now=now())

    assert (seqs(organizer.id), last_seq(organizer.id)) == ([2], 2)
