"""One connection's notifications: in the order of ``seq``, each once, none left out."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import TypedDict

import structlog
from django.db import DatabaseError
from pymongo.errors import PyMongoError

from realtime.documents import StoredNotification
from realtime.models import Notification
from realtime.notifications.messages import Message, notification
from realtime.notifications.store import last_seq
from realtime.sockets import messages

MAX_REPLAYED = 100  # more than that are announced by one notifications.skipped, and read over REST
QUEUE_LENGTH = 200

log = structlog.get_logger(__name__)

Send = Callable[[str, Mapping[str, object]], Awaitable[None]]


class LiveNotification(TypedDict):
    """A notification as it is published to the realtime processes; ``to`` is its recipient."""

    to: str
    type: str
    message: Message


class Feed:
    """Sends what is stored, from a cursor on. A live notification only shows that there is more.

    One that follows the cursor is sent as it is; after a gap, MongoDB is read. So nothing depends on live notifications
    arriving once, or at all. One task at a time processes the queue: a client that does not read delays no other.
    """

    def __init__(self, user_id: str, *, send: Send) -> None:
        self.user_id, self.cursor = user_id, 0
        self._send = send
        self._queue: deque[LiveNotification] = deque(maxlen=QUEUE_LENGTH)
        self._is_behind = False
        self._started = False
        self._task: asyncio.Task[None] | None = None

    async def start(self, *, since: int | None, newest: int) -> None:
        """Send what was missed since a ``seq`` (None: nothing was), then go on with live notifications."""
        self.cursor = newest if since is None else min(since, newest)
        await self._send_missed()
        self._started = True
        self._process()

    def receive(self, live: LiveNotification) -> None:
        """Queue a live notification; it may be new, a repeat, or ahead of others."""
        self._queue.append(live)
        self._process()

    def catch_up(self) -> None:
        """Read what is stored: live notifications may have been lost."""
        self._is_behind = True
        self._process()

    def retry(self) -> None:
        if self._is_behind:
            self._process()

    def stop(self) -> None:
        if self._task:
            self._task.cancel()

    def _process(self) -> None:
        if self._started and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._process_queue())

    async def _process_queue(self) -> None:
        try:
            while self._queue or self._is_behind:
                await self._process_next()
        except (PyMongoError, DatabaseError) as error:
            log.warning("feed_behind", user=self.user_id, error=str(error)[:200])

    async def _process_next(self) -> None:
        if not self._queue:
            await self._send_missed()
            return
        live = self._queue.popleft()
        if live["message"]["seq"] == self.cursor + 1:
            await self._deliver(live["type"], live["message"])
        elif live["message"]["seq"] > self.cursor:
            await self._send_missed()

    async def _send_missed(self) -> None:
        """Send what is stored after the cursor. A break noticed during the read makes the feed read once more."""
        self._is_behind = False
        try:
            await self._read_and_send()
        except BaseException:
            self._is_behind = True
            raise

    async def _read_and_send(self) -> None:
        found = await asyncio.to_thread(read_after, self.user_id, self.cursor)
        if len(found) > MAX_REPLAYED:
            newest = await asyncio.to_thread(last_seq, self.user_id)
            await self._send("notifications.skipped", messages.skipped(first=self.cursor + 1, last=newest))
            self.cursor = newest
        else:
            for one in found:
                await self._deliver(one["type"], notification(one))

    async def _deliver(self, type: str, message: Message) -> None:  # noqa: A002 - the message's own word
        await self._send(type, message)
        self.cursor = message["seq"]


def read_after(user_id: str, seq: int) -> list[StoredNotification]:
    """Return a user's notifications after a ``seq``, in order: one more than are replayed at most."""
    found = Notification.objects.filter(recipient=user_id, seq__gt=seq).order_by("seq")
    return list(found.values("seq", "type", "created_at", "data")[: MAX_REPLAYED + 1])
