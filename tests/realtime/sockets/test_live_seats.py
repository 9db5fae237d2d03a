"""Live seats: watched over Socket.IO, and over a plain WebSocket."""

import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from accounts.models import User
from events.models import Event
from realtime.sockets import limits
from tests.support import factories
from tests.support.socketio_client import token
from tests.support.stack import Stack
from tests.support.waiting import eventually
from tests.support.websocket_client import Page

pytestmark = [pytest.mark.processes, pytest.mark.timeout(120)]


@pytest.fixture
def page(stack: Stack) -> Iterator[Callable[..., Page]]:
    pages: list[Page] = []

    def visit(path: str, **options: Any) -> Page:
        pages.append(Page(stack, path, **options))
        return pages[-1]

    yield visit
    for one in pages:
        one.close()


def test_anyone_sees_the_seats_at_once_and_with_each_change(stack: Stack, event: Event, customer: User, page):
    visitor = page(f"/ws/events/{event.id}")
    eventually(lambda: visitor.messages() == [{"availableSeats": 10, "totalSeats": 10, "status": "PUBLISHED"}])

    stack.book(event, customer, qty=3)

    eventually(lambda: visitor.messages()[-1]["availableSeats"] == 7)


def test_a_burst_is_merged_and_ends_with_the_last_state(stack: Stack, organizer: User, customer: User, page):
    event = factories.make_published_event(organizer, total_seats=100)
    visitor = page(f"/ws/events/{event.id}")
    eventually(visitor.messages)

    for _ in range(40):
        stack.book(event, customer)

    eventually(lambda: visitor.messages()[-1]["availableSeats"] == 60)
    moments = [moment for moment, _ in visitor.heard][1:]
    assert all(later - earlier > 0.1 for earlier, later in itertools.pairwise(moments))
    assert len(moments) <= 1 + 5 * (moments[-1] - moments[0] + 0.3)


def test_a_change_by_another_process_shows_too(stack: Stack, event: Event, page):
    """This test process changes seats and tells nobody: watched events are looked at every few seconds."""
    visitor = page(f"/ws/events/{event.id}")
    eventually(visitor.messages)

    Event.objects.filter(pk=event.pk).update(available_seats=4, total_seats=4)

    eventually(lambda: visitor.messages()[-1] == {"availableSeats": 4, "totalSeats": 4, "status": "PUBLISHED"})


def test_a_hidden_event_shows_no_seats_any_more(event: Event, page):
    visitor = page(f"/ws/events/{event.id}")
    eventually(visitor.messages)

    Event.objects.filter(pk=event.pk).update(hidden=True)

    eventually(lambda: visitor.messages()[-1]["status"] == "HIDDEN")
    assert visitor.messages()[-1]["availableSeats"] == 0


@pytest.mark.parametrize("event_id", ["EVT-00000000", "x", "%00", "$ne", "EVT-000", "a" * 500])
def test_there_is_nothing_to_watch_at_an_unknown_event(page, event_id: str):
    visitor = page(f"/ws/events/{event_id}")

    eventually(lambda: visitor.code == 4404)


def test_a_draft_is_nothing_to_watch(draft: Event, page):
    visitor = page(f"/ws/events/{draft.id}")

    eventually(lambda: visitor.code == 4404)


@pytest.mark.parametrize("path", ["/ws", "/ws/", "/ws/events/", "/ws/other", "/nothing"])
def test_an_unknown_address_is_refused(stack: Stack, path: str):
    with pytest.raises(InvalidStatus):
        Page(stack, path)


def test_a_page_of_another_origin_is_refused(stack: Stack, event: Event):
    with pytest.raises(InvalidStatus):
        Page(stack, f"/ws/events/{event.id}", origin="https://evil.example")


def test_our_own_pages_are_let_in(stack: Stack, event: Event, page):
    visitor = page(f"/ws/events/{event.id}", origin=stack.url)

    eventually(visitor.messages)


def test_who_talks_to_a_gauge_is_shown_out(event: Event, page):
    visitor = page(f"/ws/events/{event.id}")
    eventually(visitor.messages)

    visitor.say({"hello": 1})

    eventually(lambda: visitor.code == 4400)


def test_watching_over_socketio_is_acknowledged_and_followed(
    stack: Stack, event: Event, customer: User, other_customer: User, listen
):
    listener = listen(other_customer)

    answer = listener.call("watch", {"eventId": event.id})
    stack.book(event, customer, qty=2)

    assert (answer["ok"], answer["availableSeats"]) == (True, 10)
    expected = {"eventId": event.id, "availableSeats": 8, "totalSeats": 10, "status": "PUBLISHED"}
    eventually(lambda: listener.of("event.availability")[-1:] == [expected])


def test_after_unwatch_there_is_silence(stack: Stack, event: Event, customer: User, organizer: User, listen):
    listener, owner = listen(customer), listen(organizer)
    listener.call("watch", {"eventId": event.id})

    assert listener.call("unwatch", {"eventId": event.id}) == {"ok": True}
    stack.book(event, customer)

    eventually(owner.bookings)
    time.sleep(0.5)  # two ticks of the board
    assert listener.of("event.availability") == []


@pytest.mark.parametrize("payload", [None, {}, "x", [1], {"eventId": 5}, {"eventId": "x"}, {"eventId": {"$ne": 1}}])
def test_a_payload_that_names_no_event_is_invalid(customer: User, listen, payload: object):
    assert listen(customer).call("watch", payload) == {"ok": False, "error": "invalid"}


def test_a_draft_can_be_watched_by_its_owner_alone(draft: Event, organizer: User, customer: User, listen):
    assert listen(organizer).call("watch", {"eventId": draft.id})["ok"]
    assert listen(customer).call("watch", {"eventId": draft.id}) == {"ok": False, "error": "not_found"}


def test_what_nobody_knows_is_declined(customer: User, listen):
    assert listen(customer).call("order.pizza", {"size": 3}) == {"ok": False, "error": "unknown"}


def sign_in(page: Callable[..., Page], user: User, **more: Any) -> Page:
    visitor = page("/ws/me")
    visitor.say({"token": token(user), **more})
    eventually(visitor.messages)
    return visitor


def test_notifications_come_over_a_plain_websocket_too(
    stack: Stack, event: Event, organizer: User, customer: User, page
):
    visitor = sign_in(page, organizer)

    booking = stack.book(event, customer)

    ready, heard = eventually(lambda: len(visitor.messages()) == 2 and visitor.messages())
    assert ready == {"type": "ready", "userId": organizer.id, "role": "ORGANIZER", "seq": 0}
    assert (heard["type"], heard["seq"], heard["data"]["bookingId"]) == ("booking.created", 1, booking["id"])


def test_the_token_may_come_as_subprotocol(organizer: User, page):
    visitor = page("/ws/me", subprotocols=["bearer", token(organizer)])

    eventually(lambda: visitor.messages() and visitor.messages()[0]["type"] == "ready")
    assert visitor.socket.subprotocol == "bearer"


def test_a_page_that_comes_back_gets_what_it_missed(stack: Stack, event: Event, organizer: User, customer: User, page):
    for _ in range(3):
        stack.book(event, customer)
    first = sign_in(page, organizer, lastSeq=0)
    eventually(lambda: [one.get("seq") for one in first.messages()][1:] == [1, 2, 3])

    again = sign_in(page, organizer, lastSeq=1)

    eventually(lambda: [one.get("seq") for one in again.messages()][1:] == [2, 3])


def test_a_page_watches_over_the_same_socket(stack: Stack, event: Event, customer: User, organizer: User, page):
    visitor = sign_in(page, organizer)

    visitor.say({"type": "watch", "eventId": event.id})
    eventually(lambda: {k: visitor.messages()[-1].get(k) for k in ("type", "ok")} == {"type": "ack", "ok": True})
    stack.book(event, customer, qty=4)

    eventually(lambda: any(one.get("availableSeats") == 6 for one in visitor.messages() if "status" in one))


@pytest.mark.parametrize("first", [{}, {"token": "x"}, {"token": 5}, [1], "x", None])
def test_without_a_valid_token_it_is_closed(page, first: object):
    visitor = page("/ws/me")

    visitor.say(first)

    eventually(lambda: visitor.code == 4401)


def test_a_token_in_the_address_does_not_count(stack: Stack, organizer: User, page):
    visitor = page(f"/ws/me?token={token(organizer)}")

    visitor.say({})

    eventually(lambda: visitor.code == 4401)


def test_what_is_no_json_is_no_sign_in(page):
    visitor = page("/ws/me")

    visitor.socket.send("{")

    eventually(lambda: visitor.code == 4401)


def test_what_is_too_long_for_a_message_is_not_even_read(page):
    visitor = page("/ws/me")

    with suppress(ConnectionClosed):
        visitor.socket.send("x" * 100_000)

    eventually(lambda: visitor.code == 1009)


def test_a_flood_is_cut_off_without_a_traceback(organizer: User):
    """What was said before the end is still worked off after it."""
    limited = Stack(RATE_LIMITS="on")
    try:
        visitor = Page(limited, "/ws/me")
        visitor.say({"token": token(organizer)})
        with suppress(ConnectionClosed):
            for _ in range(limits.MESSAGES * 5):
                visitor.say({})
        eventually(lambda: visitor.code == 4429)
        visitor.close()
    finally:
        log = (limited.directory / "web.log").read_text()
        limited.stop()
    assert "Traceback" not in log


def test_an_address_is_taken_from_the_proxies_that_are_ours(settings):
    scope = {"client": ("10.0.0.9", 1), "headers": [(b"x-forwarded-for", b"6.6.6.6, 203.0.113.7")]}

    assert limits.address_of(scope) == "10.0.0.9"
    settings.NUM_PROXIES = 1
    assert limits.address_of(scope) == "203.0.113.7"


def test_floods_are_counted(settings):
    settings.RATE_LIMITS = True
    allowance = limits.Allowance()

    answers = [allowance.take() for _ in range(limits.MESSAGES + 1)]
    connects = [limits.may_connect(address="203.0.113.9") for _ in range(limits.CONNECTS_OF_ADDRESS + 1)]

    assert (answers.count(False), answers[-1]) == (1, False)
    assert connects[-1] is False
    assert not limits.may_sign_in(user_id="USR-1", open_connections=limits.OPEN_OF_USER)
