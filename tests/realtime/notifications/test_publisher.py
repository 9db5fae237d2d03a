"""Publishing notifications while no realtime process listens, or while Redis cannot be reached."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
import redis
from django.conf import settings

from accounts.models import User
from config.core import pubsub
from events.models import Event
from journal.dispatch import dispatch
from journal.models import Entry
from realtime.models import Notification
from realtime.notifications import publisher
from tests.support import factories

pytestmark = pytest.mark.usefixtures("_own_channel")
SILENT, LISTENING = "no_realtime_process_listens", "realtime_process_listens_again"


@pytest.fixture
def _own_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    """A channel without subscribers, and a process that has not published anything yet."""
    monkeypatch.setattr(pubsub, "CHANNEL", f"test-{uuid4()}")
    monkeypatch.setattr(publisher, "listeners", publisher.Listeners())


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """Return the log events of the journal and of realtime, by name."""
    caplog.set_level(logging.INFO)
    return lambda: [
        record.msg["event"]
        for record in caplog.records
        if record.name.startswith(("journal", "realtime")) and isinstance(record.msg, dict)
    ]


@contextmanager
def subscribed_process() -> Iterator[None]:
    with redis.Redis.from_url(settings.REDIS_URL) as client, client.pubsub() as subscription:
        subscription.subscribe(pubsub.CHANNEL)
        assert subscription.get_message(timeout=10)
        yield


def test_missing_realtime_processes_are_logged_once(logged):
    for _ in range(3):
        publisher.emit([])

    assert logged() == [SILENT]


def test_the_return_of_a_realtime_process_is_logged_once(logged):
    publisher.emit([])

    with subscribed_process():
        for _ in range(3):
            publisher.emit([])

    assert logged() == [SILENT, LISTENING]


def test_nothing_is_logged_while_a_realtime_process_listens(logged):
    with subscribed_process():
        publisher.emit([])

    assert logged() == []


def test_an_entry_counts_as_delivered_without_a_realtime_process(event: Event, organizer: User, customer: User, logged):
    for _ in range(3):
        factories.make_booking(event, customer)

    dispatch("notify")

    assert Entry.objects.filter(delivered__has_key="notify", failures={}).count() == 3
    assert Notification.objects.filter(recipient=organizer.id).count() == 3
    assert logged() == [SILENT]


def test_notifications_are_published_later_if_redis_fails(
    event: Event, organizer: User, customer: User, monkeypatch: pytest.MonkeyPatch
):
    """The realtime processes may still reach Redis: then they notice no break, and their clients would miss it."""
    with monkeypatch.context() as outage:
        outage.setattr(pubsub, "publish", lambda _: fail_to_connect())
        factories.make_booking(event, customer)
        dispatch("notify")
    (entry,) = Entry.objects.filter(type="booking.created")
    assert (entry.failures["notify"]["attempts"], "notify" in entry.pending) == (1, True)
    published: list[dict] = []  # type: ignore[type-arg]  # messages; a thread may announce changed seats meanwhile
    monkeypatch.setattr(pubsub, "publish", lambda message: published.append(message) or 1)
    Entry.objects.filter(pk=entry.pk).update(failures={})

    dispatch("notify")

    sent = [one for message in published for one in message.get("notifications", [])]
    assert [one["to"] for one in sent] == [organizer.id]
    assert Notification.objects.count() == 1


def fail_to_connect() -> int:
    raise redis.ConnectionError("Connection refused.")
