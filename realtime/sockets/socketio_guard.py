"""What reaches Socket.IO: so many connects, so many messages, and only such as have a meaning here."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import socketio
from socketio.packet import ACK, CONNECT, DISCONNECT, EVENT, Packet

from realtime.sockets import limits

RESERVED = {"connect", "disconnect"}  # a client that says one of these would run the server's own handler of that name


@dataclass(slots=True)
class GuardedTransport:
    """A transport's connection, signed in or not."""

    allowance: limits.Allowance = field(default_factory=limits.Allowance)
    deadline: asyncio.Task[None] | None = None


class SocketIOGuard:
    """Stands before the handlers that Socket.IO has for its transport.

    Socket.IO itself asks nothing of a transport that never signs in, writes a traceback for each message that is none,
    and takes a client's message for its own events. Here such a transport is closed; its client may come back.
    """

    def __init__(self, server: socketio.AsyncServer, *, is_signed_in: Callable[[str], bool]) -> None:
        """``is_signed_in`` is asked about the transport with an Engine.IO id."""
        self._server, self._is_signed_in = server, is_signed_in
        self._lines: dict[str, GuardedTransport] = {}
        self._inner = dict(server.eio.handlers)
        for event, handler in (("connect", self._connect), ("message", self._message), ("disconnect", self._leave)):
            server.eio.on(event, handler)

    def is_open(self, eio_sid: str) -> bool:
        return eio_sid in self._lines

    def expect_sign_in(self, eio_sid: str) -> None:
        """Close the transport unless somebody is signed in over it in a few seconds."""
        if line := self._lines.get(eio_sid):
            if line.deadline:
                line.deadline.cancel()
            line.deadline = asyncio.create_task(self._expire(eio_sid))

    async def close(self, eio_sid: str) -> None:
        """Say good-bye and end the transport, whether or not the client listens; what it still says is not heard."""
        self._forget(eio_sid)
        if socket := self._server.eio.sockets.get(eio_sid):
            await socket.close(wait=False)
            await socket.queue.put(None)  # ends the writer, which else waits for the client to close

    async def _connect(self, eio_sid: str, environ: dict[str, Any]) -> str | None:
        address = limits.address_of(environ.get("asgi.scope", {}))
        if not await asyncio.to_thread(limits.may_connect, address=address):
            return "too_many"
        await self._inner["connect"](eio_sid, environ)
        self._lines[eio_sid] = GuardedTransport()
        self.expect_sign_in(eio_sid)
        return None

    async def _message(self, eio_sid: str, data: Any) -> None:
        line = self._lines.get(eio_sid)
        if line is None:
            return
        if line.allowance.take() and has_meaning(data):
            await self._inner["message"](eio_sid, data)
        else:
            await self.close(eio_sid)

    async def _leave(self, eio_sid: str, reason: str) -> None:
        self._forget(eio_sid)
        await self._inner["disconnect"](eio_sid, reason)

    async def _expire(self, eio_sid: str) -> None:
        await asyncio.sleep(limits.SIGN_IN_SECONDS)
        if not self._is_signed_in(eio_sid):
            self._lines[eio_sid].deadline = None  # it is this task, which goes on to close
            await self.close(eio_sid)

    def _forget(self, eio_sid: str) -> None:
        line = self._lines.pop(eio_sid, None)
        if line and line.deadline:
            line.deadline.cancel()


def has_meaning(data: Any) -> bool:
    """Tell whether this is a packet that a client may send; there is nothing binary to say."""
    try:
        packet = Packet(encoded_packet=data) if isinstance(data, str) else None
    except (ValueError, RecursionError):
        return False
    if packet is None or packet.namespace not in (None, "/"):
        return False
    if packet.packet_type == EVENT:
        return is_message(packet.data)
    return packet.packet_type in (CONNECT, DISCONNECT, ACK)


def is_message(data: Any) -> bool:
    """Tell whether this is ``[name, payload, …]`` with a name that is not Socket.IO's own."""
    return isinstance(data, list) and data != [] and isinstance(data[0], str) and data[0] not in RESERVED
