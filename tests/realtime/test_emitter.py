"""Sending to open sockets where no realtime process runs, or where Redis is away."""

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
    """Nobody listens unless a test does; and this process has not noticed yet."""
    monkeypatch.setattr(pubsub, "CHANNEL", f"test-{uuid4()}")
    monkeypatch.setattr(publisher, "listeners", publisher.Listeners())


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """Return what the journal and the emitter log, by name."""
    caplog.set_level(logging.INFO)
    return lambda: [
        record.msg["event"]
        for record in caplog.records
        if record.name.startswith(("journal", "realtime")) and isinstance(record.msg, dict)
    ]


@contextmanager
def a_realtime_process() -> Iterator[None]:
    with redis.Redis.from_url(settings.REDIS_URL) as client, client.pubsub() as subscription:
        subscription.subscribe(pubsub.CHANNEL)
        assert subscription.get_message(timeout=10)
        yield


def test_no_realtime_process_is_logged_once_when_it_begins(logged):
    for _ in range(3):
        publisher.emit([])

    assert logged() == [SILENT]


def test_a_realtime_process_is_logged_once_when_it_is_back(logged):
    publisher.emit([])

    with a_realtime_process():
        for _ in range(3):
            publisher.emit([])

    assert logged() == [SILENT, LISTENING]


def test_while_one_listens_nothing_is_logged(logged):
    with a_realtime_process():
        publisher.emit([])

    assert logged() == []


def test_a_stored_notification_is_delivered_though_nobody_listens(
    event: Event, organizer: User, customer: User, logged
):
    for _ in range(3):
        factories.make_booking(event, customer)

    dispatch("notify")

    assert Entry.objects.filter(delivered__has_key="notify", failures={}).count() == 3
    assert Notification.objects.filter(recipient=organizer.id).count() == 3
    assert logged() == [SILENT]


def test_what_redis_did_not_take_is_published_later(
    event: Event, organizer: User, customer: User, monkeypatch: pytest.MonkeyPatch
):
    """It may be away from here alone: the realtime processes then notice no break, and their clients miss something."""
    with monkeypatch.context() as outage:
        outage.setattr(pubsub, "publish", lambda _: redis_is_away())
        factories.make_booking(event, customer)
        dispatch("notify")
    (entry,) = Entry.objects.filter(type="booking.created")
    assert (entry.failures["notify"]["attempts"], "notify" in entry.pending) == (1, True)
    published: list[dict] = []  # type: ignore[type-arg]  # messages
    monkeypatch.setattr(pubsub, "publish", lambda message: published.append(message) or 1)
    Entry.objects.filter(pk=entry.pk).update(failures={})

    dispatch("notify")

    assert [one["to"] for one in published[0]["notifications"]] == [organizer.id]
    assert Notification.objects.count() == 1


def redis_is_away() -> int:
    raise redis.ConnectionError("Connection refused.")
