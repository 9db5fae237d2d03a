"""Short-lived messages between processes, through Redis publish/subscribe.

Nothing is kept: who was away when something was said asks MongoDB, which knows.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from functools import lru_cache
from typing import Any

import orjson
import redis
import redis.asyncio
import structlog
from django.conf import settings

CHANNEL = "boxoffice-live"
SHORTEST_PAUSE, LONGEST_PAUSE = 0.2, 2.0

log = structlog.get_logger(__name__)


@lru_cache(maxsize=1)
def publisher() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2)


def publish(message: Mapping[str, Any]) -> int:
    """Tell every process that listens; return how many did.

    Raises:
        redis.RedisError: Redis is away.
    """
    return int(publisher().publish(CHANNEL, orjson.dumps(message)))


async def listen() -> AsyncIterator[dict[str, Any] | None]:
    """Yield what is published, for ever; None each time the connection stands (again): something may be missed."""
    pause = SHORTEST_PAUSE
    while True:
        try:
            async for message in subscribe():
                pause = SHORTEST_PAUSE
                yield message
        except (redis.RedisError, OSError) as error:
            log.warning("bus_lost", error=str(error)[:200], retry_seconds=pause)
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)


async def subscribe() -> AsyncIterator[dict[str, Any] | None]:
    """Yield what is published over one connection, until it breaks. A ping every few seconds notices a silent end."""
    async with (
        redis.asyncio.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, health_check_interval=5) as client,
        client.pubsub() as channel,
    ):
        await channel.subscribe(CHANNEL)
        while True:
            message = await channel.get_message(timeout=2.0)
            if message is None:
                await channel.ping()
            elif message["type"] == "subscribe":
                yield None
            elif message["type"] == "message":
                yield orjson.loads(message["data"])
