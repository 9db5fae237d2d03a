"""Sending to sockets from any process: the one place that does."""

from collections.abc import Mapping
from typing import Any

import redis

from config import bus


class NobodyListens(Exception):
    """Redis is away, or no realtime process hears it."""


def emit(document: dict[str, Any], *, message: Mapping[str, Any]) -> None:
    """Send a stored notification to its recipient's open sockets, whichever process holds them.

    Raises:
        NobodyListens: it reached no realtime process.
    """
    try:
        heard = bus.publish({"to": document["recipient"], "type": document["type"], "message": message})
    except redis.RedisError as error:
        raise NobodyListens(f"Redis is away: {error}") from error
    if not heard:
        raise NobodyListens("no realtime process is connected to Redis")
