"""A round: everybody connects, seats are booked at a fixed pace, and each booking is waited for at its organizer."""

import asyncio
import gc
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from accounts.models import User
from bench.live.clients import Failed, HttpLine, Socket
from bench.live.house import House, token_of
from bench.live.servers import HOST, Running

AT_ONCE = 25  # who connects at the same time
HTTP_LINES = 32
STRIDE = 37  # from one booking's event to the next one's: prime, so that every event has its turn
PATIENCE = 60.0  # seconds for what has not arrived yet
TWICE = 1.0  # seconds in which a second arrival would show


@dataclass(slots=True)
class Booked:
    """A booking's moments, by ``time.monotonic``; ``arrived`` names organizers too, ``owner`` the one it is for."""

    owner: int
    due: float
    answered: float = 0.0
    arrived: list[tuple[int, float]] = field(default_factory=list)


class Crowd:
    def __init__(self, server: Running, house: House) -> None:
        self._server, self._house = server, house
        self._tokens = [token_of(customer) for customer in house.watchers]
        self._sockets: list[Socket] = []
        self._heard: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        self._seqs: defaultdict[int, list[int]] = defaultdict(list)
        self.seats_heard = 0

    async def connect(self, *, organizers: int, watchers: int) -> None:
        """Let the first so many of each in."""
        gate = asyncio.Semaphore(AT_ONCE)
        house = self._house
        owners = [self._open(gate, number, house.organizers[number], watch=None) for number in range(organizers)]
        others = [
            self._open(gate, None, house.watchers[number], watch=house.events[number % organizers].pk)
            for number in range(watchers)
        ]
        await asyncio.gather(*owners, *others)

    async def _open(self, gate: asyncio.Semaphore, owner: int | None, user: User, *, watch: str | None) -> None:
        async with gate:
            socket = Socket(lambda moment, name, payload: self._hear(owner, moment, name, payload))
            self._sockets.append(socket)
            await socket.open(f"ws://{HOST}:{self._server.socket_port}", token=token_of(user), watch=watch)

    async def leave(self) -> None:
        await asyncio.gather(*(socket.close() for socket in self._sockets))

    def _hear(self, owner: int | None, moment: float, name: str, payload: dict[str, Any]) -> None:
        if name == "booking.created" and owner is not None:
            self._heard[payload["data"]["bookingId"]].append((owner, moment))
            self._seqs[owner].append(payload["seq"])
        elif name == "event.availability":
            self.seats_heard += 1

    async def book(self, *, rate: float, seconds: float, events: int) -> list[Booked]:
        """Book a seat ``rate`` times a second, whatever is still under way, and wait until all have arrived.

        Raises:
            Failed: not answered 201, or not arrived exactly once at its organizer and nobody else.
        """
        async with http_lines(self._server.http_port) as lines:
            with undisturbed():
                started, bookings = time.monotonic(), []
                for number in range(round(rate * seconds)):
                    due = started + number / rate
                    await asyncio.sleep(due - time.monotonic())
                    bookings.append(asyncio.create_task(self._book(lines, number, number * STRIDE % events, due)))
                made = dict(await asyncio.gather(*bookings))
                await self._wait_for(made)
        return list(made.values())

    async def _book(self, lines: "asyncio.Queue[HttpLine]", number: int, owner: int, due: float) -> tuple[str, Booked]:
        body = {"eventId": self._house.events[owner].pk, "qty": 1}
        line = await lines.get()
        try:
            status, answer = await line.post("/api/bookings", body, token=self._tokens[number % len(self._tokens)])
        finally:
            lines.put_nowait(line)
        if status != 201:
            raise Failed(f"A booking was answered {status}: {answer}.")
        return answer["id"], Booked(owner, due, answered=time.monotonic())

    async def _wait_for(self, made: dict[str, Booked]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not made.keys() <= self._heard.keys() and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
        await asyncio.sleep(TWICE)
        for booking_id, booked in made.items():
            booked.arrived = self._heard[booking_id]
        self._check(list(made.values()))

    def _check(self, made: list[Booked]) -> None:
        if lost := sum(not socket.is_open for socket in self._sockets):
            raise Failed(f"{lost} of {len(self._sockets)} connections were lost.")
        if wrong := sum([owner for owner, _ in one.arrived] != [one.owner] for one in made):
            raise Failed(f"{wrong} of {len(made)} bookings did not arrive exactly once at their organizer.")
        if astray := sum(seqs != list(range(seqs[0], seqs[0] + len(seqs))) for seqs in self._seqs.values()):
            raise Failed(f"{astray} organizers got their notifications out of order.")


@asynccontextmanager
async def http_lines(port: int) -> AsyncIterator["asyncio.Queue[HttpLine]"]:
    lines: asyncio.Queue[HttpLine] = asyncio.Queue()
    opened = [HttpLine(HOST, port) for _ in range(HTTP_LINES)]
    for line in opened:
        await line.open()
        lines.put_nowait(line)
    try:
        yield lines
    finally:
        for line in opened:
            line.close()


@contextmanager
def undisturbed() -> Iterator[None]:
    """Keep the collector of this process from standing between a message and its moment."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
