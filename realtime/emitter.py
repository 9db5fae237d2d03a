"""Sending to sockets from any process: the one place that does."""

from collections.abc import Iterable, Mapping
from typing import Any

import redis

from config import bus
from realtime import messages


class NobodyListens(Exception):
    """Redis is away, or no realtime process hears it."""


def emit(documents: Iterable[Mapping[str, Any]]) -> None:
    """Send stored notifications to their recipients' open sockets, whichever process holds them, in this order.

    Raises:
        NobodyListens: it reached no realtime process.
    """
    try:
        heard = bus.publish({"notifications": [addressed(document) for document in documents]})
    except redis.RedisError as error:
        raise NobodyListens(f"Redis is away: {error}") from error
    if not heard:
        raise NobodyListens("no realtime process is connected to Redis")


def addressed(document: Mapping[str, Any]) -> dict[str, Any]:
    return {"to": document["recipient"], "type": document["type"], "message": messages.notification(document)}
