"""Live seats of an event: over a plain WebSocket for anyone, and over Socket.IO for signed-in users."""

import itertools
import time

import pytest
from websockets.exceptions import InvalidStatus

from accounts.models import User
from events.models import Event
from tests.support import factories
from tests.support.stack import Stack
from tests.support.waiting import eventually
from tests.support.websocket_client import WebSocketClient

pytestmark = [pytest.mark.processes, pytest.mark.timeout(120)]


def test_anyone_gets_the_seats_at_once_and_with_each_change(stack: Stack, event: Event, customer: User, open_websocket):
    client = open_websocket(f"/ws/events/{event.id}")
    eventually(lambda: client.messages() == [{"availableSeats": 10, "totalSeats": 10, "status": "PUBLISHED"}])

    stack.book(event, customer, qty=3)

    eventually(lambda: client.messages()[-1]["availableSeats"] == 7)


def test_many_changes_at_once_are_merged_up_to_the_last(stack: Stack, organizer: User, customer: User, open_websocket):
    event = factories.make_published_event(organizer, total_seats=100)
    client = open_websocket(f"/ws/events/{event.id}")
    eventually(client.messages)

    for _ in range(40):
        stack.book(event, customer)

    eventually(lambda: client.messages()[-1]["availableSeats"] == 60)
    moments = [moment for moment, _ in client.received][1:]
    assert all(later - earlier > 0.1 for earlier, later in itertools.pairwise(moments))
    assert len(moments) <= 1 + 5 * (moments[-1] - moments[0] + 0.3)


def test_a_change_that_was_not_published_is_sent_too(stack: Stack, event: Event, open_websocket):
    """This process changes seats without publishing it: watched events are read again every few seconds."""
    client = open_websocket(f"/ws/events/{event.id}")
    eventually(client.messages)

    Event.objects.filter(pk=event.pk).update(available_seats=4, total_seats=4)

    eventually(lambda: client.messages()[-1] == {"availableSeats": 4, "totalSeats": 4, "status": "PUBLISHED"})


def test_a_hidden_event_shows_no_seats_any_more(event: Event, open_websocket):
    client = open_websocket(f"/ws/events/{event.id}")
    eventually(client.messages)

    Event.objects.filter(pk=event.pk).update(hidden=True)

    eventually(lambda: client.messages()[-1]["status"] == "HIDDEN")
    assert client.messages()[-1]["availableSeats"] == 0


@pytest.mark.parametrize("event_id", ["EVT-00000000", "x", "%00", "$ne", "EVT-000", "a" * 500])
def test_an_unknown_event_closes_with_not_found(open_websocket, event_id: str):
    client = open_websocket(f"/ws/events/{event_id}")

    eventually(lambda: client.close_code == 4404)


def test_a_draft_closes_with_not_found(draft: Event, open_websocket):
    client = open_websocket(f"/ws/events/{draft.id}")

    eventually(lambda: client.close_code == 4404)


@pytest.mark.parametrize("path", ["/ws", "/ws/", "/ws/events/", "/ws/other", "/nothing"])
def test_an_unknown_address_is_refused(stack: Stack, path: str):
    with pytest.raises(InvalidStatus):
        WebSocketClient(stack, path)


def test_a_page_of_another_origin_is_refused(stack: Stack, event: Event):
    with pytest.raises(InvalidStatus):
        WebSocketClient(stack, f"/ws/events/{event.id}", origin="https://evil.example")


def test_our_own_pages_are_allowed(stack: Stack, event: Event, open_websocket):
    client = open_websocket(f"/ws/events/{event.id}", origin=stack.url)

    eventually(client.messages)


def test_a_client_that_sends_is_disconnected(event: Event, open_websocket):
    client = open_websocket(f"/ws/events/{event.id}")
    eventually(client.messages)

    client.send({"hello": 1})

    eventually(lambda: client.close_code == 4400)


def test_watching_over_socketio_is_acknowledged_and_followed(
    stack: Stack, event: Event, customer: User, other_customer: User, connect
):
    client = connect(other_customer)

    acknowledgement = client.call("watch", {"eventId": event.id})
    stack.book(event, customer, qty=2)

    assert (acknowledgement["ok"], acknowledgement["availableSeats"]) == (True, 10)
    expected = {"eventId": event.id, "availableSeats": 8, "totalSeats": 10, "status": "PUBLISHED"}
    eventually(lambda: client.of_type("event.availability")[-1:] == [expected])


def test_after_unwatch_no_seats_are_sent(stack: Stack, event: Event, customer: User, organizer: User, connect):
    client, owner = connect(customer), connect(organizer)
    client.call("watch", {"eventId": event.id})

    assert client.call("unwatch", {"eventId": event.id}) == {"ok": True}
    stack.book(event, customer)

    eventually(owner.bookings)
    time.sleep(0.5)  # two ticks of live seats
    assert client.of_type("event.availability") == []


@pytest.mark.parametrize("payload", [None, {}, "x", [1], {"eventId": 5}, {"eventId": "x"}, {"eventId": {"$ne": 1}}])
def test_a_payload_without_an_event_id_is_invalid(customer: User, connect, payload: object):
    assert connect(customer).call("watch", payload) == {"ok": False, "error": "invalid"}


def test_only_its_owner_can_watch_a_draft(draft: Event, organizer: User, customer: User, connect):
    assert connect(organizer).call("watch", {"eventId": draft.id})["ok"]
    assert connect(customer).call("watch", {"eventId": draft.id}) == {"ok": False, "error": "not_found"}


def test_an_unknown_message_is_declined(customer: User, connect):
    assert connect(customer).call("order.pizza", {"size": 3}) == {"ok": False, "error": "unknown"}
