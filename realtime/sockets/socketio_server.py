"""Socket.IO at /socket.io/: connect with ``auth: {token, lastSeq?}`` and hear what concerns you."""

from collections.abc import Mapping
from typing import Any

import socketio
import structlog
from django.db import DatabaseError
from pymongo.errors import PyMongoError

from config.core import process_tuning
from realtime.sockets import limits, messages
from realtime.sockets.connections import registry
from realtime.sockets.graceful_shutdown import announce_shutdown
from realtime.sockets.origins import is_own_page
from realtime.sockets.session import Refused, Session
from realtime.sockets.socketio_guard import SocketIOGuard

log = structlog.get_logger(__name__)


def may_ask(origin: str | None, environ: Mapping[str, Any]) -> bool:
    return is_own_page(origin=origin or "", host=environ.get("HTTP_HOST", ""))


server = socketio.AsyncServer(
    async_mode="asgi",
    cors_allowed_origins=may_ask,
    max_http_buffer_size=limits.LONGEST_MESSAGE,
    logger=False,
    engineio_logger=False,
)
sessions: dict[str, Session] = {}


def is_signed_in(eio_sid: str) -> bool:
    return server.manager.sid_from_eio_sid(eio_sid, "/") in sessions


guard = SocketIOGuard(server, is_signed_in=is_signed_in)


async def start() -> None:
    process_tuning.switch_threads_soon()
    process_tuning.collect_seldom()
    registry.start()
    announce_shutdown(say_restarting)


async def say_restarting() -> None:
    await registry.say_to_all("closing", messages.closing("restarting"))


async def stop() -> None:
    """By now the server has closed all transports with code 1012, on which clients come back by themselves."""
    await registry.stop()


@server.event
async def connect(sid: str, environ: dict[str, Any], auth: Any = None) -> None:
    """Refuse without a valid token; else say ``ready``, what was missed, and what happens."""
    eio_sid = server.manager.eio_sid_from_sid(sid, "/")

    async def send(type: str, payload: Mapping[str, Any]) -> None:  # noqa: A002 - the message's own word
        await server.emit(type, payload, to=sid)

    async def end(reason: str) -> None:
        await server.emit("closing", messages.closing(reason), to=sid)
        await server.disconnect(sid)

    try:
        session = await Session.open(auth, send=send, end=end)
    except Refused as refused:
        raise socketio.exceptions.ConnectionRefusedError(str(refused)) from None
    except (PyMongoError, DatabaseError) as error:
        log.warning("sign_in_failed", error=str(error)[:200])
        await guard.close(eio_sid)  # rather than refuse: a client that is refused does not try again
        raise socketio.exceptions.ConnectionRefusedError("unavailable") from None
    if not guard.is_open(eio_sid):  # it left meanwhile, and nobody will tell of that again
        session.close()
        raise socketio.exceptions.ConnectionRefusedError("gone")
    sessions[sid] = session


@server.event
async def disconnect(sid: str, reason: str = "") -> None:
    """Somebody may sign in again over the same transport."""
    if session := sessions.pop(sid, None):
        session.close()
        guard.expect_sign_in(server.manager.eio_sid_from_sid(sid, "/"))


@server.event
async def watch(sid: str, payload: Any = None) -> messages.Acknowledgement:
    """``watch {eventId}``: acknowledged with the seats of now; ``event.availability`` follows with each change."""
    session = sessions.get(sid)
    return await session.watch(payload) if session else messages.declined("unknown")


@server.event
async def unwatch(sid: str, payload: Any = None) -> messages.Acknowledgement:
    session = sessions.get(sid)
    return await session.unwatch(payload) if session else messages.declined("unknown")


@server.on("*")
async def anything_else(event: str, sid: str, *payload: Any) -> messages.Acknowledgement:
    return messages.declined("unknown")
