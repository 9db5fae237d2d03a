"""Storing notifications: a seq for each recipient, without gaps or repeats."""

from concurrent.futures import ThreadPoolExecutor

from config.core.clock import now
from realtime.documents import NewNotification
from realtime.models import Notification
from realtime.notifications.store import last_seq, look_ahead, store
from tests.support.mongodb_commands import database_commands


def entry(number: int, recipient: str = "USR-1") -> NewNotification:
    """Return a notification that has no seq yet."""
    return {
        "_id": f"{recipient}:e{number}",
        "recipient": recipient,
        "type": "booking.created",
        "created_at": now(),
        "read": False,
        "data": {},
    }


def test_concurrent_stores_use_each_seq_once():
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: store([entry(number)]), range(40)))

    assert sorted(Notification.objects.values_list("seq", flat=True)) == list(range(1, 41))


def test_an_entry_that_is_delivered_again_is_stored_once():
    with ThreadPoolExecutor(8) as threads:
        stored = list(threads.map(lambda _: store([entry(1)])[0]["seq"], range(8)))

    assert stored == [1] * 8
    assert last_seq("USR-1") == 1


def test_each_recipient_has_a_seq_of_their_own():
    for recipient in ("USR-1", "USR-2"):
        store([entry(1, recipient)])

    assert (last_seq("USR-1"), last_seq("USR-2"), last_seq("USR-3")) == (1, 1, 0)


def test_a_batch_is_numbered_in_order_and_keeps_stored_ones():
    store([entry(2)])

    stored = store([entry(1), entry(2), entry(3), entry(1, "USR-2")])

    assert [(one["_id"], one["seq"]) for one in stored] == [
        ("USR-1:e1", 2),
        ("USR-1:e2", 1),
        ("USR-1:e3", 3),
        ("USR-2:e1", 1),
    ]


def test_a_last_seq_that_was_read_ahead_is_not_read_again():
    store([entry(1)])
    look_ahead.read({"USR-1", "USR-2"})

    with database_commands() as sent:
        store([entry(2), entry(1, "USR-2")])

    assert sent == ["insert realtime_notification"]
    assert (last_seq("USR-1"), last_seq("USR-2")) == (2, 1)


def test_an_outdated_look_ahead_leaves_no_gap():
    look_ahead.read({"USR-1"})
    Notification.documents.insert_one({**entry(1), "seq": 1})

    assert store([entry(2)])[0]["seq"] == 2


def test_a_look_ahead_is_used_once():
    """A recipient whose booking failed after the look-ahead may get a notification of another one much later."""
    look_ahead.read({"USR-1"})
    store([entry(1)])

    with database_commands() as sent:
        store([entry(2)])

    assert sent == ["aggregate realtime_notification", "insert realtime_notification"]
