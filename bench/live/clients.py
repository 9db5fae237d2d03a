"""The clients: Socket.IO over plain WebSockets and HTTP over kept-alive connections, in one event loop with one clock.

The clients share the machine with the servers that they measure, so they do no more than the protocols require.
"""

import asyncio
import re
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

OPEN_SECONDS = 60.0
CONTENT_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
PING, PONG, CONNECT, REFUSED, EVENT, ACKNOWLEDGEMENT = "2", "3", "40", "44", "42", "43"  # Engine.IO 4, Socket.IO 5
READY = "ready"

Payload = dict[str, Any]
OnEvent = Callable[[float, str, Payload], None]


class Failed(Exception):
    """A server did not do what both must do; the message says what."""


class Socket:
    """A Socket.IO client over WebSocket that offers compression, as browsers do.

    ``on_event`` gets each event: the moment (``time.monotonic``), its name and its payload.
    """

    def __init__(self, on_event: OnEvent) -> None:
        self._on_event = on_event
        self._replies: asyncio.Queue[str] = asyncio.Queue()  # packets that open() waits for
        self._connection: ClientConnection | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def is_open(self) -> bool:
        return self._task is not None and not self._task.done()

    async def open(self, url: str, *, token: str, watch: str | None) -> None:
        """Connect, wait for the ``ready`` event, and watch an event if one is given.

        Raises:
            Failed: refused, or no reply in time.
        """
        try:
            async with asyncio.timeout(OPEN_SECONDS):
                await self._sign_in(url, token)
                if watch:
                    await self._watch(watch)
        except (OSError, TimeoutError, WebSocketException) as error:
            raise Failed(f"A client could not connect: {error or 'no reply in time'}.") from error

    async def close(self) -> None:
        if self._connection:
            await self._connection.close()
        if self._task:
            with suppress(ConnectionClosed):  # the server closed it while we answered a ping
                await self._task

    async def _sign_in(self, url: str, token: str) -> None:
        self._connection = await connect(f"{url}/socket.io/?EIO=4&transport=websocket", ping_interval=None)
        self._task = asyncio.create_task(self._listen(self._connection))
        await self._connection.send(CONNECT + orjson.dumps({"token": token}).decode())
        for _ in (CONNECT, READY):
            if not (reply := await self._replies.get()).startswith((CONNECT, READY)):
                raise Failed(f"A client was refused: {reply}.")

    async def _watch(self, event_id: str) -> None:
        assert self._connection is not None  # noqa: S101 - for the type checker: _sign_in set it
        await self._connection.send(f'{EVENT}0["watch",{{"eventId":"{event_id}"}}]')
        if '"ok":true' not in (reply := await self._replies.get()):
            raise Failed(f"A client may not watch {event_id}: {reply}.")

    async def _listen(self, connection: ClientConnection) -> None:
        async for packet in connection:
            assert isinstance(packet, str)  # noqa: S101 - Socket.IO sends bytes only where the application does
            moment = time.monotonic()
            kind = packet[:2]
            if kind == EVENT:
                self._dispatch(moment, *orjson.loads(packet[2:]))
            elif kind == PING:
                await connection.send(PONG)
            elif kind in {CONNECT, REFUSED, ACKNOWLEDGEMENT}:
                self._replies.put_nowait(packet)

    def _dispatch(self, moment: float, name: str, payload: Payload) -> None:
        if name == READY:
            self._replies.put_nowait(name)
        else:
            self._on_event(moment, name, payload)


class HttpConnection:
    """One kept-alive HTTP/1.1 connection."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port

    async def open(self) -> None:
        self._reader, self._writer = await asyncio.open_connection(self._host, self._port)

    def close(self) -> None:
        self._writer.close()

    async def post(self, path: str, body: Payload, *, token: str) -> tuple[int, Any]:
        """Return the status and the parsed body; only for servers that send Content-Length.

        Raises:
            Failed: the connection ended, or the response cannot be read.
        """
        content = orjson.dumps(body)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        self._writer.write(head.encode() + content)
        try:
            return await self._read()
        except (OSError, EOFError) as error:
            raise Failed(f"A request got no response: {error}.") from error

    async def _read(self) -> tuple[int, Any]:
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = CONTENT_LENGTH.search(head)
        if length is None:
            raise Failed(f"A response without Content-Length: {head[:200]!r}.")
        return int(head.split(b" ", 2)[1]), orjson.loads(await self._reader.readexactly(int(length[1])))
