"""A feed reads again if a live notification was lost while it read MongoDB."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from accounts.models import User
from config.core.clock import now
from realtime.documents import NewNotification
from realtime.notifications.store import store
from realtime.sockets import feed as feeds
from realtime.sockets.feed import Feed


def notification(recipient: User, number: int) -> NewNotification:
    """Return a notification that has no seq yet."""
    return {
        "_id": f"{recipient.id}:e{number}",
        "recipient": recipient.id,
        "type": "booking.created",
        "created_at": now(),
        "read": False,
        "data": {},
    }


def test_a_break_during_a_read_makes_the_feed_read_again(organizer: User, monkeypatch: pytest.MonkeyPatch):
    """The second notification is stored after the read, and published before the process has subscribed again."""
    sent: list[int] = []
    reads = iter([1])
    real = feeds.read_after

    async def send(_: str, message: Mapping[str, Any]) -> None:
        sent.append(message["seq"])

    async def scenario() -> None:
        loop, feed = asyncio.get_running_loop(), Feed(organizer.id, send=send)

        def read_then_break(user_id: str, seq: int) -> list[Any]:
            found = real(user_id, seq)
            if next(reads, None):
                store([notification(organizer, 2)])
                loop.call_soon_threadsafe(feed.catch_up)
            return found

        monkeypatch.setattr(feeds, "read_after", read_then_break)
        await feed.start(since=0, newest=1)
        assert feed._task
        await feed._task

    store([notification(organizer, 1)])
    asyncio.run(scenario())

    assert sent == [1, 2]
