"""Missed notifications are sent first, in order, each once."""

from typing import Any

import pytest

from accounts import blocking
from accounts.models import User
from config.core.clock import now
from events.models import Event
from realtime.models import Notification
from realtime.notifications.store import store
from realtime.sockets.feed import MAX_REPLAYED
from tests.support.socketio_client import is_refused, token
from tests.support.stack import Stack
from tests.support.waiting import eventually

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240)]


def store_unpublished(recipient: User, count: int) -> None:
    """Store notifications without publishing them."""
    start = Notification.objects.filter(recipient=recipient.id).count()
    common = {"recipient": recipient.id, "type": "booking.created", "created_at": now(), "read": False, "data": {}}
    missed: list[Any] = [{**common, "_id": f"{recipient.id}:e{start + number}"} for number in range(count)]
    store(missed)


def test_missed_notifications_come_before_live_ones(
    stack: Stack, event: Event, organizer: User, customer: User, connect
):
    store_unpublished(organizer, 5)

    client = connect(organizer, lastSeq=2)
    stack.book(event, customer)

    eventually(lambda: client.seqs() == [3, 4, 5, 6])
    assert client.of_type("ready")[0]["seq"] == 5


def test_without_last_seq_only_live_notifications_come(
    stack: Stack, event: Event, organizer: User, customer: User, connect
):
    store_unpublished(organizer, 5)

    client = connect(organizer)
    stack.book(event, customer)

    eventually(lambda: client.seqs() == [6])


def test_a_hundred_missed_ones_are_sent_one_by_one(stack: Stack, organizer: User, connect):
    store_unpublished(organizer, MAX_REPLAYED)

    client = connect(organizer, lastSeq=0)

    eventually(lambda: client.seqs() == list(range(1, MAX_REPLAYED + 1)))
    assert client.of_type("notifications.skipped") == []


def test_more_than_a_hundred_are_announced_together(
    stack: Stack, event: Event, organizer: User, customer: User, connect
):
    store_unpublished(organizer, MAX_REPLAYED + 1)

    client = connect(organizer, lastSeq=0)
    stack.book(event, customer)

    eventually(lambda: client.seqs() == [MAX_REPLAYED + 2])
    assert client.of_type("notifications.skipped") == [{"fromSeq": 1, "toSeq": MAX_REPLAYED + 1}]
    read = stack.get("/api/notifications?after=0&pageSize=100", token(organizer)).json()
    assert [one["seq"] for one in read["results"]] == list(range(1, MAX_REPLAYED + 1))


def test_a_last_seq_beyond_the_newest_counts_as_the_newest(
    stack: Stack, event: Event, organizer: User, customer: User, connect
):
    store_unpublished(organizer, 2)

    client = connect(organizer, lastSeq=99)
    stack.book(event, customer)

    eventually(lambda: client.seqs() == [3])


@pytest.mark.parametrize("seq", ["1", -1, 1.5, True, [1], 2**63])
def test_an_invalid_last_seq_is_refused(stack: Stack, organizer: User, seq: object):
    assert is_refused(stack.url, {"token": token(organizer), "lastSeq": seq})


def test_unpublished_notifications_come_with_the_next_live_one(
    stack: Stack, event: Event, organizer: User, customer: User, connect
):
    client = connect(organizer)
    eventually(lambda: client.received)
    store_unpublished(organizer, 3)

    stack.book(event, customer)

    eventually(lambda: client.seqs() == [1, 2, 3, 4])


def test_blocking_a_user_closes_their_socket(stack: Stack, organizer: User, connect):
    client = connect(organizer)
    eventually(lambda: client.received)

    blocking.block(user_id=organizer.id, now=now())

    eventually(lambda: not client.is_connected)
    assert client.of_type("closing") == [{"reason": "signed_out"}]
