"""Before and around the sign-in over Socket.IO: what has no meaning, what never signs in, what comes too often."""

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from django.db import DatabaseError

from accounts.models import User
from events.models import Event
from realtime.sockets import limits, session
from realtime.sockets.connections import registry
from realtime.sockets.session import Session
from realtime.sockets.socketio_server import guard, server, sessions
from tests.support.long_polling import Transport
from tests.support.socketio_client import token

CLOSED: list[str] = []
REFUSED = ['44{"message":"unauthorized"}']


@pytest.fixture
def in_loop() -> Callable[[Coroutine[Any, Any, Any]], Any]:
    """Run in a loop of its own, which the server's housekeeping ends with."""

    async def run(work: Coroutine[Any, Any, Any]) -> Any:
        try:
            return await asyncio.wait_for(work, 30)
        finally:
            for sid in list(server.eio.sockets):
                await guard.close(sid)
            if not server.eio.start_service_task:  # it has begun
                await server.shutdown()
                server.eio.start_service_task = True

    return lambda work: asyncio.run(run(work))


async def sign_in(user: User) -> Transport:
    transport = await Transport().open()
    await transport.say("40" + json.dumps({"token": token(user)}))
    heard: list[str] = []
    while not any(packet.startswith("40") for packet in heard):
        heard += await transport.hear()
    return transport


@pytest.mark.parametrize(
    "packet",
    [
        '42["disconnect"]',
        '42["connect",{},{"token":"x"}]',
        "42[]",
        "42null",
        "42[1]",
        '42[["watch"]]',
        '42/other,["watch"]',
        "4garbage",
        "42" + "[" * 5000,
        '451-["watch",{"_placeholder":true,"num":0}]',
        "bAAEC",
        "44{}",
        "4",
    ],
)
def test_what_a_client_has_no_reason_to_say_ends_the_connection(
    organizer: User, in_loop, caplog: pytest.LogCaptureFixture, packet: str
):
    async def talk() -> list[str]:
        transport = await sign_in(organizer)
        await transport.say(packet)
        return await transport.hear()

    with caplog.at_level(logging.ERROR):
        assert in_loop(talk()) == CLOSED

    assert (registry.count(organizer.id), sessions) == (0, {})
    assert [record for record in caplog.records if record.exc_info] == []


def test_a_client_that_signs_in_badly_may_try_again(organizer: User, in_loop):
    async def talk() -> list[str]:
        transport = await Transport().open()
        await transport.say('40{"token":"x"}')
        return await transport.hear()

    assert in_loop(talk()) == REFUSED


def test_a_connection_that_nobody_signs_in_over_is_closed(in_loop, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "SIGN_IN_SECONDS", 0.1)

    async def wait() -> list[str]:
        return await (await Transport().open()).hear()

    assert in_loop(wait()) == CLOSED


def test_one_that_is_signed_in_stays(organizer: User, in_loop, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "SIGN_IN_SECONDS", 0.1)

    async def wait() -> bool:
        transport = await sign_in(organizer)
        await asyncio.sleep(0.3)
        return guard.is_open(transport.sid)

    assert in_loop(wait())


def test_one_that_signs_out_and_stays_is_closed(organizer: User, in_loop, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "SIGN_IN_SECONDS", 0.2)

    async def wait() -> list[str]:
        transport = await sign_in(organizer)
        await transport.say("41")
        return await transport.hear()

    assert in_loop(wait()) == CLOSED


def test_too_many_connects_of_an_address_are_refused_before_they_cost_anything(in_loop, settings, monkeypatch):
    settings.RATE_LIMITS = True
    monkeypatch.setattr(limits, "CONNECTS_OF_ADDRESS", 3)

    async def knock() -> list[int]:
        return [(await Transport().open()).status for _ in range(4)]

    assert in_loop(knock()) == [200, 200, 200, 401]


def test_too_many_messages_end_the_connection_signed_in_or_not(in_loop, settings):
    settings.RATE_LIMITS = True

    async def flood() -> list[str]:
        transport = await Transport().open()
        for _ in range(limits.MESSAGES + 1):
            await transport.say('42["watch"]')
        return await transport.hear()

    assert in_loop(flood()) == CLOSED


def test_a_database_that_is_away_ends_the_connection_so_that_its_client_comes_back(
    organizer: User, in_loop, monkeypatch: pytest.MonkeyPatch
):
    def away(user_id: str) -> int:
        raise DatabaseError("no primary")

    monkeypatch.setattr(session, "last_seq", away)

    async def knock() -> list[str]:
        transport = await Transport().open()
        await transport.say("40" + json.dumps({"token": token(organizer)}))
        return await transport.hear()

    assert in_loop(knock()) == CLOSED
    assert registry.count(organizer.id) == 0


def test_who_leaves_while_signing_in_leaves_nothing_behind(organizer: User, in_loop):
    async def leave() -> None:
        transport = await Transport().open()
        await transport.say("40" + json.dumps({"token": token(organizer)}))
        await transport.say("1")
        await asyncio.sleep(0.5)

    in_loop(leave())

    assert (registry.count(organizer.id), sessions) == (0, {})


def test_who_leaves_while_asking_for_seats_is_not_on_the_board(organizer: User, event: Event, in_loop):
    async def nobody(*_: object) -> None: ...

    async def leave() -> None:
        visitor = await Session.open({"token": token(organizer)}, send=nobody, end=nobody)
        asked = asyncio.create_task(visitor.watch({"eventId": event.id}))
        await asyncio.sleep(0)
        visitor.close()
        await asked

    in_loop(leave())

    assert registry.board.watched() == set()


def test_watch_and_unwatch_count_in_the_order_in_which_they_were_said(organizer: User, event: Event, in_loop):
    async def nobody(*_: object) -> None: ...

    async def change_mind() -> set[str]:
        visitor = await Session.open({"token": token(organizer)}, send=nobody, end=nobody)
        said = {"eventId": event.id}
        await asyncio.gather(visitor.watch(said), visitor.unwatch(said))
        watched = registry.board.watched()
        visitor.close()
        return watched

    assert in_loop(change_mind()) == set()
