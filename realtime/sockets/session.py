"""A signed-in connection, whichever transport carries it: opening, watching events, closing."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Literal

from accounts.access_tokens import TokenRefused
from accounts.actors import Actor, AnonymousActor
from config.core.ids import id_pattern
from events.models import Event
from realtime.notifications.store import last_seq
from realtime.sockets import limits, messages
from realtime.sockets.auth import read_auth
from realtime.sockets.connections import Connection, registry
from realtime.sockets.feed import Feed, Send
from realtime.sockets.live_seats import Seats

EVENT_ID = re.compile(id_pattern("EVT"))

Reason = Literal["unauthorized", "invalid", "too_many"]


class SignInRefused(Exception):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class Session:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._rate, self._watch_lock = limits.MessageRate(), asyncio.Lock()
        self._is_closed = False

    @property
    def actor(self) -> Actor:
        return self.connection.actor

    @classmethod
    async def open(cls, auth: object, *, send: Send, close: Callable[[str], Awaitable[None]]) -> "Session":
        """Sign in; send ``ready``, then missed notifications, then live ones.

        ``send`` gets a message's type and payload; ``close`` gets the reason that the client is sent.

        Raises:
            SignInRefused: no valid token, an invalid ``lastSeq``, or too many connections.
        """
        try:
            claims, since = await asyncio.to_thread(read_auth, auth)
        except TokenRefused:
            raise SignInRefused("unauthorized") from None
        except ValueError:
            raise SignInRefused("invalid") from None
        user_id = claims.actor.id
        if not await asyncio.to_thread(limits.allow_sign_in, user_id=user_id, open_connections=registry.count(user_id)):
            raise SignInRefused("too_many")
        session = cls(Connection(claims, Feed(user_id, send=send), send, close))
        await session._start_feed(since)
        return session

    async def _start_feed(self, since: int | None) -> None:
        """Register before reading what was missed: live notifications that arrive meanwhile are queued by the feed."""
        registry.add(self.connection)
        try:
            newest = await asyncio.to_thread(last_seq, self.actor.id)
            await self.connection.send("ready", messages.ready(self.actor, seq=newest))
            await self.connection.feed.start(since=since, newest=newest)
        except BaseException:
            registry.remove(self.connection)
            raise

    def close(self) -> None:
        self._is_closed = True
        registry.remove(self.connection)

    def allow_message(self) -> bool:
        return self._rate.allow()

    async def watch(self, payload: object) -> messages.Acknowledgement:
        event_id = event_id_of(payload)
        if event_id is None:
            return messages.declined("invalid")
        async with self._watch_lock:  # a transport may deliver several requests at once: they apply in their order
            return await self._watch(event_id)

    async def _watch(self, event_id: str) -> messages.Acknowledgement:
        watched = self.connection.watched
        if len(watched) >= limits.WATCHED_PER_CONNECTION and event_id not in watched:
            return messages.declined("too_many")
        if not await asyncio.to_thread(is_visible, event_id, self.actor):
            return messages.declined("not_found")
        seats = await registry.live_seats.watch(event_id, self.connection, self._send_seats)
        if seats is None:
            return messages.declined("not_found")
        if self._is_closed:  # during the reads above: ``close`` ran before this watcher existed, so it is removed here
            registry.live_seats.unwatch(event_id, self.connection)
        watched.add(event_id)
        return messages.watching(seats)

    async def unwatch(self, payload: object) -> messages.Acknowledgement:
        event_id = event_id_of(payload)
        if event_id is None:
            return messages.declined("invalid")
        async with self._watch_lock:
            self.connection.watched.discard(event_id)
            registry.live_seats.unwatch(event_id, self.connection)
        return messages.unwatched()

    async def _send_seats(self, seats: Seats) -> None:
        await self.connection.send("event.availability", messages.availability(seats))


def event_id_of(payload: object) -> str | None:
    event_id = payload.get("eventId") if isinstance(payload, dict) else None
    return event_id if isinstance(event_id, str) and EVENT_ID.fullmatch(event_id) else None


def is_visible(event_id: str, actor: Actor | AnonymousActor) -> bool:
    event = Event.objects.filter(pk=event_id).first()
    return event is not None and event.is_visible_to(actor)
