"""The clients: Socket.IO over bare WebSockets and HTTP over kept-alive lines, in one event loop and with one clock.

Both servers are measured on what the clients leave of the machine, so these do no more than the protocols ask for.
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

Hear = Callable[[float, str, dict[str, Any]], None]


class Failed(Exception):
    """A server did not do what both promise; the sentence says what."""


class Socket:
    """A Socket.IO client over WebSocket that offers compression, as browsers do.

    ``hear`` gets each event: the moment (``time.monotonic``), its name and its payload.
    """

    def __init__(self, hear: Hear) -> None:
        self._hear = hear
        self._steps: asyncio.Queue[str] = asyncio.Queue()  # what a caller waits for
        self._line: ClientConnection | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def is_open(self) -> bool:
        return self._task is not None and not self._task.done()

    async def open(self, url: str, *, token: str, watch: str | None) -> None:
        """Connect, wait until let in and told so by ``ready``, and watch an event if one is given.

        Raises:
            Failed: refused, or not done in time.
        """
        try:
            async with asyncio.timeout(OPEN_SECONDS):
                await self._enter(url, token)
                if watch:
                    await self._watch(watch)
        except (OSError, TimeoutError, WebSocketException) as error:
            raise Failed(f"A client could not connect: {error or 'no answer in time'}.") from error

    async def close(self) -> None:
        if self._line:
            await self._line.close()
        if self._task:
            with suppress(ConnectionClosed):  # while it answered a ping
                await self._task

    async def _enter(self, url: str, token: str) -> None:
        self._line = await connect(f"{url}/socket.io/?EIO=4&transport=websocket", ping_interval=None)
        self._task = asyncio.create_task(self._listen(self._line))
        await self._line.send(CONNECT + orjson.dumps({"token": token}).decode())
        for _ in (CONNECT, READY):
            if not (step := await self._steps.get()).startswith((CONNECT, READY)):
                raise Failed(f"A client was refused: {step}.")

    async def _watch(self, event_id: str) -> None:
        assert self._line is not None  # noqa: S101 - for the type checker: _enter set it
        await self._line.send(f'{EVENT}0["watch",{{"eventId":"{event_id}"}}]')
        if '"ok":true' not in (step := await self._steps.get()):
            raise Failed(f"A client may not watch {event_id}: {step}.")

    async def _listen(self, line: ClientConnection) -> None:
        async for packet in line:
            assert isinstance(packet, str)  # noqa: S101 - Socket.IO sends bytes only where the application does
            moment = time.monotonic()
            kind = packet[:2]
            if kind == EVENT:
                self._take(moment, *orjson.loads(packet[2:]))
            elif kind == PING:
                await line.send(PONG)
            elif kind in {CONNECT, REFUSED, ACKNOWLEDGEMENT}:
                self._steps.put_nowait(packet)

    def _take(self, moment: float, name: str, payload: dict[str, Any]) -> None:
        if name == READY:
            self._steps.put_nowait(name)
        else:
            self._hear(moment, name, payload)


class HttpLine:
    """One kept-alive HTTP/1.1 connection."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port

    async def open(self) -> None:
        self._reader, self._writer = await asyncio.open_connection(self._host, self._port)

    def close(self) -> None:
        self._writer.close()

    async def post(self, path: str, body: dict[str, Any], *, token: str) -> tuple[int, Any]:
        """Return the status and the parsed body; only for servers that say how long a body is.

        Raises:
            Failed: the connection ended, or the answer is none.
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
            raise Failed(f"A request got no answer: {error}.") from error

    async def _read(self) -> tuple[int, Any]:
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = CONTENT_LENGTH.search(head)
        if length is None:
            raise Failed(f"An answer without Content-Length: {head[:200]!r}.")
        return int(head.split(b" ", 2)[1]), orjson.loads(await self._reader.readexactly(int(length[1])))
