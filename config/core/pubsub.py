"""Short-lived messages between processes, through Redis publish/subscribe.

Redis keeps no message: a process that was not connected reads from MongoDB what it missed.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from functools import lru_cache

import orjson
import redis
import redis.asyncio
import structlog
from django.conf import settings

from config.core.json_types import JSONObject

CHANNEL = "boxoffice-live"
SHORTEST_PAUSE, LONGEST_PAUSE = 0.2, 2.0

log = structlog.get_logger(__name__)


@lru_cache(maxsize=1)
def publisher() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2)


def publish(message: Mapping[str, object]) -> int:
    """Send a message to every process that listens; return how many processes got it.

    Raises:
        redis.RedisError: Redis cannot be reached.
    """
    return int(publisher().publish(CHANNEL, orjson.dumps(message)))


async def listen() -> AsyncIterator[JSONObject | None]:
    """Yield messages for ever, and None after each connect: messages before it may have been missed."""
    pause = SHORTEST_PAUSE
    while True:
        try:
            async for message in subscribe():
                pause = SHORTEST_PAUSE
                yield message
        except (redis.RedisError, OSError) as error:
            log.warning("pubsub_lost", error=str(error)[:200], retry_seconds=pause)
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)


async def subscribe() -> AsyncIterator[JSONObject | None]:
    """Yield the messages of one connection until it breaks. A ping every two seconds detects a silent break."""
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
