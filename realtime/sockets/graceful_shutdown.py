"""Telling clients that this process shuts down, while their connections are still open."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import FrameType

PATIENCE = 1.0  # seconds; a client that does not read must not keep the process alive


def announce_shutdown(announce: Callable[[], Awaitable[None]]) -> None:
    """Call ``announce`` on the first SIGTERM or SIGINT, and only then let the server handle the signal.

    uvicorn closes every WebSocket before it tells the application to shut down, when no client can be reached any more.
    Does nothing where no server handles signals (tests).
    """
    loop, announcements = asyncio.get_running_loop(), set[asyncio.Task[None]]()

    def handle(number: int, frame: FrameType | None) -> None:
        if announcements:
            server_handlers[number](number, frame)  # a second signal: do not wait for clients
        else:
            loop.call_soon_threadsafe(begin, number)

    def begin(number: int) -> None:
        announcements.add(asyncio.create_task(announce_and_pass_on(number)))

    async def announce_and_pass_on(number: int) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(announce(), PATIENCE)
        server_handlers[number](number, None)

    server_handlers: dict[int, Callable[[int, FrameType | None], object]] = {}
    for number in (signal.SIGTERM, signal.SIGINT):
        server_handler = signal.getsignal(number)
        if callable(server_handler):
            server_handlers[number] = server_handler
            signal.signal(number, handle)
