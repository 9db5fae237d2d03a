"""The limits of Socket.IO connections: how many connect, how often they send, and which packets they may send."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypedDict

import socketio
from socketio.packet import ACK, CONNECT, DISCONNECT, EVENT, Packet

from realtime.sockets import limits

RESERVED = {"connect", "disconnect"}  # a client's event of such a name would run the server's own handler of that name

Environ = TypedDict("Environ", {"asgi.scope": limits.Scope, "HTTP_HOST": str}, total=False)


@dataclass(slots=True)
class GuardedTransport:
    """The connection of one Engine.IO transport, signed in or not."""

    rate: limits.MessageRate = field(default_factory=limits.MessageRate)
    deadline: asyncio.Task[None] | None = None


class SocketIOGuard:
    """Wraps the handlers that Socket.IO registers with its transport, Engine.IO.

    Socket.IO itself keeps transports open that never sign in, logs a traceback for each malformed packet, and lets a
    client trigger the server's own events. The guard closes such a transport; its client may connect again.
    """

    def __init__(self, server: socketio.AsyncServer, *, is_signed_in: Callable[[str], bool]) -> None:
        """``is_signed_in`` gets the Engine.IO id of a transport."""
        self._server, self._is_signed_in = server, is_signed_in
        self._transports: dict[str, GuardedTransport] = {}
        self._handlers = dict(server.eio.handlers)
        for event, handler in (
            ("connect", self._connect),
            ("message", self._message),
            ("disconnect", self._disconnect),
        ):
            server.eio.on(event, handler)

    def is_open(self, eio_sid: str) -> bool:
        return eio_sid in self._transports

    def expect_sign_in(self, eio_sid: str) -> None:
        """Close the transport after SIGN_IN_SECONDS unless a client has signed in by then."""
        if transport := self._transports.get(eio_sid):
            if transport.deadline:
                transport.deadline.cancel()
            transport.deadline = asyncio.create_task(self._expire(eio_sid))

    async def close(self, eio_sid: str) -> None:
        """End the transport at once, whether or not the client reads; packets that still arrive are ignored."""
        self._forget(eio_sid)
        if socket := self._server.eio.sockets.get(eio_sid):
            await socket.close(wait=False)
            await socket.queue.put(None)  # ends the writer, which otherwise waits for the client to close

    async def _connect(self, eio_sid: str, environ: Environ) -> str | None:
        address = limits.address_of(environ.get("asgi.scope", {}))
        if not await asyncio.to_thread(limits.allow_connect, address=address):
            return "too_many"
        await self._handlers["connect"](eio_sid, environ)
        self._transports[eio_sid] = GuardedTransport()
        self.expect_sign_in(eio_sid)
        return None

    async def _message(self, eio_sid: str, data: object) -> None:
        transport = self._transports.get(eio_sid)
        if transport is None:
            return
        if transport.rate.allow() and is_allowed_packet(data):
            await self._handlers["message"](eio_sid, data)
        else:
            await self.close(eio_sid)

    async def _disconnect(self, eio_sid: str, reason: str) -> None:
        self._forget(eio_sid)
        await self._handlers["disconnect"](eio_sid, reason)

    async def _expire(self, eio_sid: str) -> None:
        await asyncio.sleep(limits.SIGN_IN_SECONDS)
        if not self._is_signed_in(eio_sid):
            self._transports[eio_sid].deadline = None  # it is this task, which ``close`` must not cancel
            await self.close(eio_sid)

    def _forget(self, eio_sid: str) -> None:
        transport = self._transports.pop(eio_sid, None)
        if transport and transport.deadline:
            transport.deadline.cancel()


def is_allowed_packet(data: object) -> bool:
    """Tell whether a client may send this packet. Binary ones have no use here."""
    try:
        packet = Packet(encoded_packet=data) if isinstance(data, str) else None
    except (ValueError, RecursionError):
        return False
    if packet is None or packet.namespace not in (None, "/"):
        return False
    if packet.packet_type == EVENT:
        return is_client_event(packet.data)
    return packet.packet_type in (CONNECT, DISCONNECT, ACK)


def is_client_event(data: object) -> bool:
    """Tell whether this is ``[name, payload, …]`` with a name that is not one of the server's own events."""
    return isinstance(data, list) and data != [] and isinstance(data[0], str) and data[0] not in RESERVED
