"""Socket.IO at /socket.io/: connect with ``auth: {token}`` and hear what concerns you."""

import asyncio
from typing import Any

import socketio
import structlog
from django.conf import settings

from accounts.authentication import TokenRefused
from realtime import messages, rooms
from realtime.auth import caller_of
from realtime.emitter import CHANNEL
from realtime.notifications import last_seq

log = structlog.get_logger(__name__)

server = socketio.AsyncServer(
    async_mode="asgi",
    client_manager=socketio.AsyncRedisManager(settings.REDIS_URL, channel=CHANNEL),
    cors_allowed_origins=settings.CORS_ALLOWED_ORIGINS or None,  # None: the server's own origin
    max_http_buffer_size=16 * 1024,
    logger=False,
    engineio_logger=False,
)


async def listen() -> None:
    """Hear other processes from the start on, not only once the first client is here."""
    if not server.manager_initialized:
        server.manager_initialized = True
        server.manager.initialize()


@server.event
async def connect(sid: str, environ: dict[str, Any], auth: Any = None) -> None:
    """Refuse without a valid token; else join the user's own room and say ``ready``."""
    try:
        caller = await asyncio.to_thread(caller_of, auth)
    except TokenRefused:
        raise socketio.exceptions.ConnectionRefusedError("unauthorized") from None
    await server.save_session(sid, {"user_id": caller.id})
    await server.enter_room(sid, rooms.of_user(caller.id))
    seq = await asyncio.to_thread(last_seq, caller.id)
    await server.emit("ready", messages.ready(caller, seq=seq), to=sid)
