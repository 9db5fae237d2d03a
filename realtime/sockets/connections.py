"""The open connections of one realtime process: their notifications, their live seats, and the end of their tokens."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypedDict, cast

import structlog
from django.db import DatabaseError
from pymongo.errors import PyMongoError

from accounts.access_tokens import Claims, TokenRefused, recheck
from accounts.actors import Actor
from config.core import pubsub
from realtime.sockets.feed import Feed, LiveNotification, Send
from realtime.sockets.live_seats import LiveSeats

CHECK_SECONDS = 1.0

log = structlog.get_logger(__name__)


class PublishedMessage(TypedDict, total=False):
    """What booking and worker processes publish: ids of events whose seats changed, or notifications."""

    seats: list[str]
    notifications: list[LiveNotification]


@dataclass(eq=False, slots=True)
class Connection:
    """A signed-in socket. ``close`` gets the reason that its client is sent."""

    claims: Claims
    feed: Feed
    send: Send
    close: Callable[[str], Awaitable[None]]
    watched: set[str] = field(default_factory=set)

    @property
    def actor(self) -> Actor:
        return self.claims.actor


class ConnectionRegistry:
    def __init__(self) -> None:
        self.live_seats = LiveSeats()
        self._connections: dict[str, set[Connection]] = defaultdict(set)  # by user id
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [asyncio.create_task(run()) for run in (self._subscribe, self.live_seats.run, self._check)]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def add(self, connection: Connection) -> None:
        self._connections[connection.actor.id].add(connection)

    def remove(self, connection: Connection) -> None:
        connection.feed.stop()
        for event_id in connection.watched:
            self.live_seats.unwatch(event_id, connection)
        of_user = self._connections[connection.actor.id]
        of_user.discard(connection)
        if not of_user:
            del self._connections[connection.actor.id]

    def count(self, user_id: str) -> int:
        return len(self._connections.get(user_id, ()))

    def all_connections(self) -> list[Connection]:
        return [connection for of_user in self._connections.values() for connection in of_user]

    async def send_to_all(self, type: str, payload: Mapping[str, object]) -> None:  # noqa: A002 - the message's own word
        """Send a message over every connection at once: one that does not read delays no other."""
        await asyncio.gather(*(one.send(type, payload) for one in self.all_connections()), return_exceptions=True)

    async def _subscribe(self) -> None:
        async for message in pubsub.listen():
            self._handle(cast("PublishedMessage | None", message))

    def _handle(self, message: PublishedMessage | None) -> None:
        """Pass a message on. None means that some may be lost: every feed and every watched event is read again."""
        if message is None:
            self.live_seats.mark_all_changed()
            for connection in self.all_connections():
                connection.feed.catch_up()
        elif "seats" in message:
            self.live_seats.mark_changed(message["seats"])
        else:
            for notification in message["notifications"]:
                for connection in self._connections.get(notification["to"], ()):
                    connection.feed.receive(notification)

    async def _check(self) -> None:
        """Close connections whose token has expired or was revoked; let feeds retry that could not read MongoDB."""
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            try:
                ended = await asyncio.to_thread(find_ended, self.all_connections())
            except (PyMongoError, DatabaseError) as error:
                log.warning("token_check_failed", error=str(error)[:200])
                continue
            await asyncio.gather(*(one.close(reason) for one, reason in ended), return_exceptions=True)
            for connection in self.all_connections():
                connection.feed.retry()


def find_ended(connections: list[Connection]) -> list[tuple[Connection, str]]:
    found = []
    for connection in connections:
        try:
            recheck(connection.claims, moment=time.time())
        except TokenRefused as reason:
            found.append((connection, str(reason)))
    return found


registry = ConnectionRegistry()
