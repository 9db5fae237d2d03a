"""Limits of Socket.IO connections: packets without a use here, connections without a sign-in, too many of either."""

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
from tests.support.long_polling import PollingTransport
from tests.support.socketio_client import token

CLOSED: list[str] = []
REFUSED = ['44{"message":"unauthorized"}']


@pytest.fixture
def in_loop() -> Callable[[Coroutine[Any, Any, Any]], Any]:
    """Run in an event loop of its own, and stop the server's background task with it."""

    async def run(work: Coroutine[Any, Any, Any]) -> Any:
        try:
            return await asyncio.wait_for(work, 30)
        finally:
            for sid in list(server.eio.sockets):
                await guard.close(sid)
            if not server.eio.start_service_task:  # its background task has started
                await server.shutdown()
                server.eio.start_service_task = True

    return lambda work: asyncio.run(run(work))


async def sign_in(user: User) -> PollingTransport:
    transport = await PollingTransport().open()
    await transport.send("40" + json.dumps({"token": token(user)}))
    packets: list[str] = []
    while not any(packet.startswith("40") for packet in packets):
        packets += await transport.receive()
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
def test_a_forbidden_packet_closes_the_connection(
    organizer: User, in_loop, caplog: pytest.LogCaptureFixture, packet: str
):
    async def scenario() -> list[str]:
        transport = await sign_in(organizer)
        await transport.send(packet)
        return await transport.receive()

    with caplog.at_level(logging.ERROR):
        assert in_loop(scenario()) == CLOSED

    assert (registry.count(organizer.id), sessions) == (0, {})
    assert [record for record in caplog.records if record.exc_info] == []


def test_a_refused_sign_in_leaves_the_connection_open(organizer: User, in_loop):
    async def scenario() -> list[str]:
        transport = await PollingTransport().open()
        await transport.send('40{"token":"x"}')
        return await transport.receive()

    assert in_loop(scenario()) == REFUSED


def test_a_connection_without_a_sign_in_is_closed(in_loop, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "SIGN_IN_SECONDS", 0.1)

    async def scenario() -> list[str]:
        return await (await PollingTransport().open()).receive()

    assert in_loop(scenario()) == CLOSED


def test_a_signed_in_connection_stays_open(organizer: User, in_loop, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "SIGN_IN_SECONDS", 0.1)

    async def scenario() -> bool:
        transport = await sign_in(organizer)
        await asyncio.sleep(0.3)
        return guard.is_open(transport.sid)

    assert in_loop(scenario())


def test_a_connection_is_closed_some_time_after_its_sign_out(organizer: User, in_loop, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "SIGN_IN_SECONDS", 0.2)

    async def scenario() -> list[str]:
        transport = await sign_in(organizer)
        await transport.send("41")
        return await transport.receive()

    assert in_loop(scenario()) == CLOSED


def test_too_many_connects_of_an_address_are_refused(in_loop, settings, monkeypatch):
    settings.RATE_LIMITS = True
    monkeypatch.setattr(limits, "CONNECTS_PER_ADDRESS", 3)

    async def scenario() -> list[int]:
        return [(await PollingTransport().open()).status for _ in range(4)]

    assert in_loop(scenario()) == [200, 200, 200, 401]


def test_too_many_messages_close_a_connection_before_sign_in_too(in_loop, settings):
    settings.RATE_LIMITS = True

    async def scenario() -> list[str]:
        transport = await PollingTransport().open()
        for _ in range(limits.MESSAGES_PER_WINDOW + 1):
            await transport.send('42["watch"]')
        return await transport.receive()

    assert in_loop(scenario()) == CLOSED


def test_a_database_failure_during_sign_in_closes_the_connection(
    organizer: User, in_loop, monkeypatch: pytest.MonkeyPatch
):
    """A client reconnects after a closed connection, but not after a refusal."""

    def fail(user_id: str) -> int:
        raise DatabaseError("no primary")

    monkeypatch.setattr(session, "last_seq", fail)

    async def scenario() -> list[str]:
        transport = await PollingTransport().open()
        await transport.send("40" + json.dumps({"token": token(organizer)}))
        return await transport.receive()

    assert in_loop(scenario()) == CLOSED
    assert registry.count(organizer.id) == 0


def test_a_client_that_leaves_during_sign_in_leaves_no_session(organizer: User, in_loop):
    async def scenario() -> None:
        transport = await PollingTransport().open()
        await transport.send("40" + json.dumps({"token": token(organizer)}))
        await transport.send("1")
        await asyncio.sleep(0.5)

    in_loop(scenario())

    assert (registry.count(organizer.id), sessions) == (0, {})


def test_a_client_that_leaves_during_watch_leaves_no_watcher(organizer: User, event: Event, in_loop):
    async def ignore(*_: object) -> None: ...

    async def scenario() -> None:
        opened = await Session.open({"token": token(organizer)}, send=ignore, close=ignore)
        watching = asyncio.create_task(opened.watch({"eventId": event.id}))
        await asyncio.sleep(0)
        opened.close()
        await watching

    in_loop(scenario())

    assert registry.live_seats.watched_events() == set()


def test_watch_and_unwatch_apply_in_the_order_they_were_sent(organizer: User, event: Event, in_loop):
    async def ignore(*_: object) -> None: ...

    async def scenario() -> set[str]:
        opened = await Session.open({"token": token(organizer)}, send=ignore, close=ignore)
        payload = {"eventId": event.id}
        await asyncio.gather(opened.watch(payload), opened.unwatch(payload))
        watched = registry.live_seats.watched_events()
        opened.close()
        return watched

    assert in_loop(scenario()) == set()
