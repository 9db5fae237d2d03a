"""What one realtime process holds: open connections, their feeds, and the board of live seats."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.db import DatabaseError
from pymongo.errors import PyMongoError

from accounts.actors import Actor
from accounts.authentication import Claims, TokenRefused, recheck
from config.core import pubsub
from realtime.sockets.feed import Feed, Send
from realtime.sockets.live_seats import LiveSeats

CHECK_SECONDS = 1.0

log = structlog.get_logger(__name__)


@dataclass(eq=False, slots=True)
class Connection:
    """A signed-in socket: by what its token says, what it gets, and how to end it."""

    claims: Claims
    feed: Feed
    send: Send
    end: Callable[[str], Awaitable[None]]
    watched: set[str] = field(default_factory=set)

    @property
    def caller(self) -> Actor:
        return self.claims.actor


class ConnectionRegistry:
    def __init__(self) -> None:
        self.board = LiveSeats()
        self._connections: dict[str, set[Connection]] = defaultdict(set)
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [asyncio.create_task(work()) for work in (self._listen, self.board.run, self._check)]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def add(self, connection: Connection) -> None:
        self._connections[connection.caller.id].add(connection)

    def remove(self, connection: Connection) -> None:
        connection.feed.stop()
        for event_id in connection.watched:
            self.board.unwatch(event_id, connection)
        own = self._connections[connection.caller.id]
        own.discard(connection)
        if not own:
            del self._connections[connection.caller.id]

    def count(self, user_id: str) -> int:
        return len(self._connections.get(user_id, ()))

    def everyone(self) -> list[Connection]:
        return [one for own in self._connections.values() for one in own]

    async def say_to_all(self, type: str, payload: Mapping[str, Any]) -> None:  # noqa: A002 - the message's own word
        """Send a message to everyone who is signed in; one that does not read holds up itself alone."""
        await asyncio.gather(*(one.send(type, payload) for one in self.everyone()), return_exceptions=True)

    async def _listen(self) -> None:
        async for message in pubsub.listen():
            self._hear(message)

    def _hear(self, message: dict[str, Any] | None) -> None:
        """Pass a message on; after a break in the line everyone looks for what they missed."""
        if message is None:
            self.board.look_at_all()
            for connection in self.everyone():
                connection.feed.catch_up()
        elif "seats" in message:
            self.board.hear(message["seats"])
        else:
            for notification in message["notifications"]:
                for connection in self._connections.get(notification["to"], ()):
                    connection.feed.hear(notification)

    async def _check(self) -> None:
        """End connections whose token expired or was revoked; let feeds that MongoDB failed try again."""
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            try:
                ended = await asyncio.to_thread(refused, self.everyone())
            except (PyMongoError, DatabaseError) as error:
                log.warning("connections_unchecked", error=str(error)[:200])
                continue
            await asyncio.gather(*(one.end(reason) for one, reason in ended), return_exceptions=True)
            for connection in self.everyone():
                connection.feed.recover()


def refused(connections: list[Connection]) -> list[tuple[Connection, str]]:
    """Return the connections whose token does not count any more, and why."""
    found = []
    for connection in connections:
        try:
            recheck(connection.claims, moment=time.time())
        except TokenRefused as reason:
            found.append((connection, str(reason)))
    return found


registry = ConnectionRegistry()
