"""A signed-in connection, whichever transport carries it: opening, watching, closing."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

from accounts.actors import Actor
from accounts.authentication import TokenRefused
from config.core.ids import id_pattern
from events.models import Event
from realtime.notifications.store import last_seq
from realtime.sockets import limits, messages
from realtime.sockets.auth import read_auth
from realtime.sockets.connections import Connection, registry
from realtime.sockets.feed import Feed, Send
from realtime.sockets.live_seats import Seats

EVENT_ID = re.compile(id_pattern("EVT"))


class Refused(Exception):
    """The connection is not let in: ``unauthorized``, ``invalid`` or ``too_many``."""


class Session:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._allowance, self._turns = limits.Allowance(), asyncio.Lock()
        self._is_closed = False

    @property
    def caller(self) -> Actor:
        return self.connection.caller

    @classmethod
    async def open(cls, auth: Any, *, send: Send, end: Callable[[str], Awaitable[None]]) -> "Session":
        """Let a connection in, and send ``ready``, then what it missed, then what happens.

        ``send`` gets a message's type and payload; ``end`` closes the connection, saying why.

        Raises:
            Refused: no valid token, a ``lastSeq`` that is none, or too many connections.
        """
        try:
            claims, since = await asyncio.to_thread(read_auth, auth)
        except TokenRefused:
            raise Refused("unauthorized") from None
        except ValueError:
            raise Refused("invalid") from None
        user_id = claims.actor.id
        if not await asyncio.to_thread(limits.may_sign_in, user_id=user_id, open_connections=registry.count(user_id)):
            raise Refused("too_many")
        session = cls(Connection(claims, Feed(user_id, send=send), send, end))
        await session._begin(since)
        return session

    async def _begin(self, since: int | None) -> None:
        """Hear first, then read: what is said in between waits in the feed's line."""
        registry.add(self.connection)
        try:
            newest = await asyncio.to_thread(last_seq, self.caller.id)
            await self.connection.send("ready", messages.ready(self.caller, seq=newest))
            await self.connection.feed.start(since=since, newest=newest)
        except BaseException:
            registry.remove(self.connection)
            raise

    def close(self) -> None:
        self._is_closed = True
        registry.remove(self.connection)

    def may_speak(self) -> bool:
        return self._allowance.take()

    async def watch(self, payload: Any) -> messages.Acknowledgement:
        """Show an event's seats from now on; return the acknowledgement."""
        event_id = event_id_of(payload)
        if event_id is None:
            return messages.declined("invalid")
        async with self._turns:  # one after the other, as they were asked for: transports may hand over several at once
            return await self._watch(event_id)

    async def _watch(self, event_id: str) -> messages.Acknowledgement:
        watched = self.connection.watched
        if len(watched) >= limits.WATCHED and event_id not in watched:
            return messages.declined("too_many")
        if not await asyncio.to_thread(may_see, event_id, self.caller):
            return messages.declined("not_found")
        seats = await registry.board.watch(event_id, self.connection, self._show)
        if seats is None:
            return messages.declined("not_found")
        if self._is_closed:  # it left meanwhile, and nobody would take it off the board again
            registry.board.unwatch(event_id, self.connection)
        watched.add(event_id)
        return messages.watching(seats)

    async def unwatch(self, payload: Any) -> messages.Acknowledgement:
        event_id = event_id_of(payload)
        if event_id is None:
            return messages.declined("invalid")
        async with self._turns:
            self.connection.watched.discard(event_id)
            registry.board.unwatch(event_id, self.connection)
        return messages.unwatched()

    async def _show(self, seats: Seats) -> None:
        await self.connection.send("event.availability", messages.availability(seats))


def event_id_of(payload: Any) -> str | None:
    event_id = payload.get("eventId") if isinstance(payload, dict) else None
    return event_id if isinstance(event_id, str) and EVENT_ID.fullmatch(event_id) else None


def may_see(event_id: str, caller: Any) -> bool:
    event = Event.objects.filter(pk=event_id).first()
    return event is not None and event.is_visible_to(caller)
