"""What was missed comes first, in order, each once."""

from typing import Any

import pytest

from accounts import blocking
from accounts.models import User
from config.core.clock import now
from events.models import Event
from realtime.models import Notification
from realtime.notifications.store import store
from realtime.sockets.feed import AT_ONCE
from tests.support.socketio_client import is_refused, token
from tests.support.stack import Stack
from tests.support.waiting import eventually

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240)]


def put(recipient: User, count: int) -> None:
    """Store notifications that nobody was told of live."""
    start = Notification.objects.filter(recipient=recipient.id).count()
    common = {"recipient": recipient.id, "type": "booking.created", "created_at": now(), "read": False, "data": {}}
    missed: list[Any] = [{**common, "_id": f"{recipient.id}:e{start + number}"} for number in range(count)]
    store(missed)


def test_a_client_that_says_its_last_seq_gets_the_rest_first(
    stack: Stack, event: Event, organizer: User, customer: User, listen
):
    put(organizer, 5)

    listener = listen(organizer, lastSeq=2)
    stack.book(event, customer)

    eventually(lambda: listener.notifications() == [3, 4, 5, 6])
    assert listener.of("ready")[0]["seq"] == 5


def test_a_client_that_says_none_gets_only_what_happens(
    stack: Stack, event: Event, organizer: User, customer: User, listen
):
    put(organizer, 5)

    listener = listen(organizer)
    stack.book(event, customer)

    eventually(lambda: listener.notifications() == [6])


def test_a_hundred_are_sent_one_by_one(stack: Stack, organizer: User, listen):
    put(organizer, AT_ONCE)

    listener = listen(organizer, lastSeq=0)

    eventually(lambda: listener.notifications() == list(range(1, AT_ONCE + 1)))
    assert listener.of("notifications.skipped") == []


def test_more_than_a_hundred_are_announced_by_one(stack: Stack, event: Event, organizer: User, customer: User, listen):
    put(organizer, AT_ONCE + 1)

    listener = listen(organizer, lastSeq=0)
    stack.book(event, customer)

    eventually(lambda: listener.notifications() == [AT_ONCE + 2])
    assert listener.of("notifications.skipped") == [{"fromSeq": 1, "toSeq": AT_ONCE + 1}]
    read = stack.get("/api/notifications?after=0&pageSize=100", token(organizer)).json()
    assert [one["seq"] for one in read["results"]] == list(range(1, AT_ONCE + 1))


def test_a_last_seq_from_the_future_is_taken_for_the_newest(
    stack: Stack, event: Event, organizer: User, customer: User, listen
):
    put(organizer, 2)

    listener = listen(organizer, lastSeq=99)
    stack.book(event, customer)

    eventually(lambda: listener.notifications() == [3])


@pytest.mark.parametrize("seq", ["1", -1, 1.5, True, [1], 2**63])
def test_a_last_seq_that_is_none_is_refused(stack: Stack, organizer: User, seq: object):
    assert is_refused(stack.url, {"token": token(organizer), "lastSeq": seq})


def test_what_was_stored_while_redis_could_not_say_so_arrives_with_the_next(
    stack: Stack, event: Event, organizer: User, customer: User, listen
):
    listener = listen(organizer)
    eventually(lambda: listener.heard)
    put(organizer, 3)

    stack.book(event, customer)

    eventually(lambda: listener.notifications() == [1, 2, 3, 4])


def test_a_blocked_users_socket_is_ended(stack: Stack, organizer: User, listen):
    listener = listen(organizer)
    eventually(lambda: listener.heard)

    blocking.block(user_id=organizer.id, now=now())

    eventually(lambda: not listener.is_connected)
    assert listener.of("closing") == [{"reason": "signed_out"}]
