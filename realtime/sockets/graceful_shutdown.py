"""Telling clients that this process ends, while they can still hear it."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import FrameType

PATIENCE = 1.0  # seconds; a client that does not read must not keep the process


def announce_shutdown(say: Callable[[], Awaitable[None]]) -> None:
    """Say something on the first signal to end, and pass the signal on to the server afterwards.

    uvicorn closes every WebSocket before it tells the application to shut down: by then there is nobody to tell.
    Does nothing where no server handles signals (tests).
    """
    loop, said = asyncio.get_running_loop(), set[asyncio.Task[None]]()

    def handle(number: int, frame: FrameType | None) -> None:
        if said:
            server_handlers[number](number, frame)  # somebody is in a hurry
        else:
            loop.call_soon_threadsafe(begin, number)

    def begin(number: int) -> None:
        said.add(asyncio.create_task(say_and_pass_on(number)))

    async def say_and_pass_on(number: int) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(say(), PATIENCE)
        server_handlers[number](number, None)

    server_handlers: dict[int, Callable[[int, FrameType | None], object]] = {}
    for number in (signal.SIGTERM, signal.SIGINT):
        server_handler = signal.getsignal(number)
        if callable(server_handler):
            server_handlers[number] = server_handler
            signal.signal(number, handle)
