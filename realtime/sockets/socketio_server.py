"""Socket.IO at /socket.io/: connect with ``auth: {token, lastSeq?}`` and get notifications and live seats."""

from collections.abc import Mapping

import socketio
import structlog
from django.db import DatabaseError
from pymongo.errors import PyMongoError

from config.core import process_tuning
from realtime.sockets import limits, messages
from realtime.sockets.connections import registry
from realtime.sockets.graceful_shutdown import announce_shutdown
from realtime.sockets.origins import is_allowed_origin
from realtime.sockets.session import Session, SignInRefused
from realtime.sockets.socketio_guard import Environ, SocketIOGuard

log = structlog.get_logger(__name__)


def may_connect_from(origin: str | None, environ: Environ) -> bool:
    return is_allowed_origin(origin=origin or "", host=environ.get("HTTP_HOST", ""))


server = socketio.AsyncServer(
    async_mode="asgi",
    cors_allowed_origins=may_connect_from,
    max_http_buffer_size=limits.MAX_MESSAGE_BYTES,
    logger=False,
    engineio_logger=False,
)
sessions: dict[str, Session] = {}  # by Socket.IO id


def is_signed_in(eio_sid: str) -> bool:
    return server.manager.sid_from_eio_sid(eio_sid, "/") in sessions


guard = SocketIOGuard(server, is_signed_in=is_signed_in)


async def start() -> None:
    process_tuning.switch_threads_soon()
    process_tuning.collect_seldom()
    registry.start()
    announce_shutdown(announce_restart)


async def announce_restart() -> None:
    await registry.send_to_all("closing", messages.closing("restarting"))


async def stop() -> None:
    """By now the server has closed all transports with code 1012, after which clients reconnect by themselves."""
    await registry.stop()


@server.event
async def connect(sid: str, environ: Environ, auth: object = None) -> None:
    eio_sid = server.manager.eio_sid_from_sid(sid, "/")

    async def send(type: str, payload: Mapping[str, object]) -> None:  # noqa: A002 - the message's own word
        await server.emit(type, payload, to=sid)

    async def close(reason: str) -> None:
        await server.emit("closing", messages.closing(reason), to=sid)
        await server.disconnect(sid)

    try:
        session = await Session.open(auth, send=send, close=close)
    except SignInRefused as refused:
        raise socketio.exceptions.ConnectionRefusedError(refused.reason) from None
    except (PyMongoError, DatabaseError) as error:
        log.warning("sign_in_failed", error=str(error)[:200])
        await guard.close(eio_sid)  # instead of a refusal, after which the client would not reconnect
        raise socketio.exceptions.ConnectionRefusedError("unavailable") from None
    if not guard.is_open(eio_sid):  # the transport closed meanwhile: ``disconnect`` will not be called for this session
        session.close()
        raise socketio.exceptions.ConnectionRefusedError("gone")
    sessions[sid] = session


@server.event
async def disconnect(sid: str, reason: str = "") -> None:
    """The transport may stay open: another sign-in can follow over it."""
    if session := sessions.pop(sid, None):
        session.close()
        guard.expect_sign_in(server.manager.eio_sid_from_sid(sid, "/"))


@server.event
async def watch(sid: str, payload: object = None) -> messages.Acknowledgement:
    """``watch {eventId}``: acknowledged with the current seats; ``event.availability`` follows with each change."""
    session = sessions.get(sid)
    return await session.watch(payload) if session else messages.declined("unknown")


@server.event
async def unwatch(sid: str, payload: object = None) -> messages.Acknowledgement:
    session = sessions.get(sid)
    return await session.unwatch(payload) if session else messages.declined("unknown")


@server.on("*")
async def unknown_event(event: str, sid: str, *payload: object) -> messages.Acknowledgement:
    return messages.declined("unknown")
