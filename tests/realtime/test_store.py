"""Storing notifications: a seq for each recipient, without gaps or repeats."""

from concurrent.futures import ThreadPoolExecutor

from config.clock import now
from journal.models import Entry
from realtime.models import Notification
from realtime.notifications import last_seq, store


def entry(number: int) -> Entry:
    return Entry(id=f"e{number}", type="booking.created", at=now())


def test_from_many_threads_each_seq_is_given_once():
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: store(recipient="USR-1", entry=entry(number), data={}), range(40)))

    assert sorted(Notification.objects.values_list("seq", flat=True)) == list(range(1, 41))


def test_an_entry_delivered_again_is_stored_once():
    with ThreadPoolExecutor(8) as threads:
        stored = list(threads.map(lambda _: store(recipient="USR-1", entry=entry(1), data={})["seq"], range(8)))

    assert stored == [1] * 8
    assert last_seq("USR-1") == 1


def test_recipients_count_for_themselves():
    for recipient in ("USR-1", "USR-2"):
        store(recipient=recipient, entry=entry(1), data={})

    assert (last_seq("USR-1"), last_seq("USR-2"), last_seq("USR-3")) == (1, 1, 0)
