"""Socket.IO at /socket.io/: connect with ``auth: {token, lastSeq?}`` and hear what concerns you."""

import gc
from collections.abc import Mapping
from typing import Any

import socketio
import structlog
from django.conf import settings

from realtime import limits, messages
from realtime.hub import hub
from realtime.session import Refused, Session

log = structlog.get_logger(__name__)

server = socketio.AsyncServer(
    async_mode="asgi",
    cors_allowed_origins=settings.CORS_ALLOWED_ORIGINS or None,  # None: the server's own origin
    max_http_buffer_size=limits.LONGEST_MESSAGE,
    logger=False,
    engineio_logger=False,
)
sessions: dict[str, Session] = {}


async def start() -> None:
    gc.freeze()  # what was loaded stays: a full collection, which stops everyone, then looks at connections only
    hub.start()


async def stop() -> None:
    """The server has closed all transports with code 1012 by now, on which clients come back by themselves."""
    await hub.stop()


@server.event
async def connect(sid: str, environ: dict[str, Any], auth: Any = None) -> None:
    """Refuse without a valid token; else say ``ready``, what was missed, and what happens."""
    if not limits.may_connect(address=limits.address_of(environ.get("asgi.scope", {}))):
        raise socketio.exceptions.ConnectionRefusedError("too_many")

    async def send(type: str, payload: Mapping[str, Any]) -> None:  # noqa: A002 - the message's own word
        await server.emit(type, payload, to=sid)

    async def end(reason: str) -> None:
        await server.emit("closing", messages.closing(reason), to=sid)
        await server.disconnect(sid)

    try:
        sessions[sid] = await Session.open(auth, send=send, end=end)
    except Refused as refused:
        raise socketio.exceptions.ConnectionRefusedError(str(refused)) from None


@server.event
async def disconnect(sid: str, reason: str = "") -> None:
    if session := sessions.pop(sid, None):
        session.close()


@server.event
async def watch(sid: str, payload: Any = None) -> messages.Acknowledgement:
    """``watch {eventId}``: acknowledged with the seats of now; ``event.availability`` follows with each change."""
    session = sessions[sid]
    return await session.watch(payload) if session.may_speak() else await too_many(sid)


@server.event
async def unwatch(sid: str, payload: Any = None) -> messages.Acknowledgement:
    session = sessions[sid]
    return session.unwatch(payload) if session.may_speak() else await too_many(sid)


@server.on("*")
async def anything_else(event: str, sid: str, *payload: Any) -> messages.Acknowledgement:
    if sessions[sid].may_speak():
        return messages.declined("unknown")
    return await too_many(sid)


async def too_many(sid: str) -> messages.Acknowledgement:
    await server.disconnect(sid)
    return messages.declined("too_many")
