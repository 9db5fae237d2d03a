"""One connection's notifications: in the order of ``seq``, each once, none left out."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from django.db import DatabaseError
from pymongo.errors import PyMongoError

from realtime.models import Notification
from realtime.notifications.store import last_seq
from realtime.sockets import messages

AT_ONCE = 100  # more than that are announced by one notifications.skipped, and read over REST
LINE_LENGTH = 200

log = structlog.get_logger(__name__)

Send = Callable[[str, Mapping[str, Any]], Awaitable[None]]


class Feed:
    """Sends what is stored, from a cursor on. What is said live only tells that there is more.

    A live message that follows the cursor goes out as it is; after a gap, MongoDB says what is missing. So nothing
    depends on messages arriving once, or at all. One task at a time works the line off: a client that does not read
    holds up itself alone.
    """

    def __init__(self, user_id: str, *, send: Send) -> None:
        self.user_id, self.cursor = user_id, 0
        self._send = send
        self._line: deque[dict[str, Any]] = deque(maxlen=LINE_LENGTH)
        self._is_behind = False
        self._started = False
        self._task: asyncio.Task[None] | None = None

    async def start(self, *, since: int | None, newest: int) -> None:
        """Send what was missed since a ``seq`` (None: nothing was), then go on with what is said live."""
        self.cursor = newest if since is None else min(since, newest)
        await self._send_missed()
        self._started = True
        self._work()

    def hear(self, message: dict[str, Any]) -> None:
        """Take a live message in; it may be new, a repeat, or ahead of others."""
        self._line.append(message)
        self._work()

    def catch_up(self) -> None:
        """Look for what was missed: live messages may have been lost."""
        self._is_behind = True
        self._work()

    def recover(self) -> None:
        """Try again what failed."""
        if self._is_behind:
            self._work()

    def stop(self) -> None:
        if self._task:
            self._task.cancel()

    def _work(self) -> None:
        if self._started and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._work_off())

    async def _work_off(self) -> None:
        try:
            while self._line or self._is_behind:
                await self._step()
        except (PyMongoError, DatabaseError) as error:
            log.warning("feed_behind", user=self.user_id, error=str(error)[:200])

    async def _step(self) -> None:
        if not self._line:
            await self._send_missed()
            return
        message = self._line.popleft()
        if message["message"]["seq"] == self.cursor + 1:
            await self._deliver(message["type"], message["message"])
        elif message["message"]["seq"] > self.cursor:
            await self._send_missed()

    async def _send_missed(self) -> None:
        """Send what is stored after the cursor. A break that is noticed meanwhile asks for another look."""
        self._is_behind = False
        try:
            await self._read_and_send()
        except BaseException:
            self._is_behind = True
            raise

    async def _read_and_send(self) -> None:
        found = await asyncio.to_thread(read_after, self.user_id, self.cursor)
        if len(found) > AT_ONCE:
            newest = await asyncio.to_thread(last_seq, self.user_id)
            await self._send("notifications.skipped", messages.skipped(first=self.cursor + 1, last=newest))
            self.cursor = newest
        else:
            for one in found:
                await self._deliver(one["type"], messages.notification(one))

    async def _deliver(self, type: str, message: messages.Message) -> None:  # noqa: A002 - the message's own word
        await self._send(type, message)
        self.cursor = message["seq"]


def read_after(user_id: str, seq: int) -> list[Any]:
    """Return a user's notifications after a ``seq``, in order: at most one more than are sent at once."""
    found = Notification.objects.filter(recipient=user_id, seq__gt=seq).order_by("seq")
    return list(found.values("seq", "type", "created_at", "data")[: AT_ONCE + 1])
