"""/ws/me: a user's notifications over a plain WebSocket."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from accounts.models import User
from events.models import Event
from realtime.sockets import limits
from tests.support.socketio_client import token
from tests.support.stack import Stack
from tests.support.waiting import eventually
from tests.support.websocket_client import WebSocketClient

pytestmark = [pytest.mark.processes, pytest.mark.timeout(120)]


def sign_in(open_websocket: Callable[..., WebSocketClient], user: User, **auth: Any) -> WebSocketClient:
    client = open_websocket("/ws/me")
    client.send({"token": token(user), **auth})
    eventually(client.messages)
    return client


def test_notifications_come_over_a_plain_websocket_too(
    stack: Stack, event: Event, organizer: User, customer: User, open_websocket
):
    client = sign_in(open_websocket, organizer)

    booking = stack.book(event, customer)

    ready, message = eventually(lambda: len(client.messages()) == 2 and client.messages())
    assert ready == {"type": "ready", "userId": organizer.id, "role": "ORGANIZER", "seq": 0}
    assert (message["type"], message["seq"], message["data"]["bookingId"]) == ("booking.created", 1, booking["id"])


def test_the_token_may_come_as_subprotocol(organizer: User, open_websocket):
    client = open_websocket("/ws/me", subprotocols=["bearer", token(organizer)])

    eventually(lambda: client.messages() and client.messages()[0]["type"] == "ready")
    assert client.socket.subprotocol == "bearer"


def test_missed_notifications_are_sent_after_a_reconnect(
    stack: Stack, event: Event, organizer: User, customer: User, open_websocket
):
    for _ in range(3):
        stack.book(event, customer)
    first = sign_in(open_websocket, organizer, lastSeq=0)
    eventually(lambda: [one.get("seq") for one in first.messages()][1:] == [1, 2, 3])

    again = sign_in(open_websocket, organizer, lastSeq=1)

    eventually(lambda: [one.get("seq") for one in again.messages()][1:] == [2, 3])


def test_events_can_be_watched_over_the_same_socket(
    stack: Stack, event: Event, customer: User, organizer: User, open_websocket
):
    client = sign_in(open_websocket, organizer)

    client.send({"type": "watch", "eventId": event.id})
    eventually(lambda: {k: client.messages()[-1].get(k) for k in ("type", "ok")} == {"type": "ack", "ok": True})
    stack.book(event, customer, qty=4)

    eventually(lambda: any(one.get("availableSeats") == 6 for one in client.messages() if "status" in one))


@pytest.mark.parametrize("first", [{}, {"token": "x"}, {"token": 5}, [1], "x", None])
def test_without_a_valid_token_it_is_closed(open_websocket, first: object):
    client = open_websocket("/ws/me")

    client.send(first)

    eventually(lambda: client.close_code == 4401)


def test_a_token_in_the_address_is_not_accepted(stack: Stack, organizer: User, open_websocket):
    client = open_websocket(f"/ws/me?token={token(organizer)}")

    client.send({})

    eventually(lambda: client.close_code == 4401)


def test_a_first_message_that_is_no_json_is_no_sign_in(open_websocket):
    client = open_websocket("/ws/me")

    client.socket.send("{")

    eventually(lambda: client.close_code == 4401)


def test_too_long_a_message_is_not_even_read(open_websocket):
    client = open_websocket("/ws/me")

    with suppress(ConnectionClosed):
        client.socket.send("x" * 100_000)

    eventually(lambda: client.close_code == 1009)


def test_too_many_messages_close_the_socket_without_a_traceback(organizer: User):
    """Messages from before the close are still handled after it."""
    limited = Stack(RATE_LIMITS="on")
    try:
        client = WebSocketClient(limited, "/ws/me")
        client.send({"token": token(organizer)})
        with suppress(ConnectionClosed):
            for _ in range(limits.MESSAGES_PER_WINDOW * 5):
                client.send({})
        eventually(lambda: client.close_code == 4429)
        client.close()
    finally:
        log = (limited.directory / "web.log").read_text()
        limited.stop()
    assert "Traceback" not in log
