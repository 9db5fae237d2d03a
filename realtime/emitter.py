"""Sending to sockets from any process: the one place that emits."""

from functools import lru_cache
from typing import Any

import socketio
from django.conf import settings

CHANNEL = "boxoffice-sockets"


class NobodyListens(Exception):
    """Redis is away, or no realtime process hears it yet."""


class Publisher(socketio.RedisManager):
    """python-socketio logs a failed publish and goes on; here the caller is told, and tries again later."""

    def _publish(self, data: Any) -> None:
        if not super()._publish(data):
            raise NobodyListens("no realtime process is connected to Redis")


@lru_cache(maxsize=1)
def publisher() -> Publisher:
    options = {"socket_connect_timeout": 2, "socket_timeout": 2}
    return Publisher(settings.REDIS_URL, channel=CHANNEL, write_only=True, redis_options=options)


def emit(event: str, data: dict[str, Any], *, room: str) -> None:
    """Send to everyone in a room, whichever process holds their connection.

    Raises:
        NobodyListens: it reached no realtime process.
    """
    publisher().emit(event, data, room=room)
