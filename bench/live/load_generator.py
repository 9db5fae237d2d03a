"""A round of load: clients connect, book seats at a fixed rate, and wait until each booking reaches its organizer."""

import asyncio
import gc
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

from accounts.models import User
from bench.live.clients import Failed, HttpConnection, Payload, Socket
from bench.live.participants import Participants, token_of
from bench.live.servers import HOST, Running

AT_ONCE = 25  # clients that connect at the same time
HTTP_CONNECTIONS = 32
STRIDE = 37  # from the event of one booking to that of the next: prime, so that every event is booked
ARRIVAL_SECONDS = 60.0  # for the last notifications
DUPLICATE_SECONDS = 1.0  # in which a second arrival would show

Pool = asyncio.Queue[HttpConnection]


@dataclass(slots=True)
class Booked:
    """The moments of a booking, by ``time.monotonic``. ``owner`` is its organizer's number.

    ``arrived`` has the organizer's number and the moment of each arrival.
    """

    owner: int
    due: float
    answered: float = 0.0
    arrived: list[tuple[int, float]] = field(default_factory=list)


class LoadGenerator:
    def __init__(self, server: Running, participants: Participants) -> None:
        self._server, self._participants = server, participants
        self._tokens = [token_of(customer) for customer in participants.watchers]
        self._sockets: list[Socket] = []
        self._arrivals: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        self._seqs: defaultdict[int, list[int]] = defaultdict(list)
        self.availability_messages = 0

    async def connect(self, *, organizers: int, watchers: int) -> None:
        """Connect that many of the organizers and of the watchers."""
        limit, users = asyncio.Semaphore(AT_ONCE), self._participants
        owners = [self._open(limit, number, users.organizers[number], watch=None) for number in range(organizers)]
        others = [
            self._open(limit, None, users.watchers[number], watch=users.events[number % organizers].pk)
            for number in range(watchers)
        ]
        await asyncio.gather(*owners, *others)

    async def _open(self, limit: asyncio.Semaphore, owner: int | None, user: User, *, watch: str | None) -> None:
        async with limit:
            socket = Socket(lambda moment, name, payload: self._on_event(owner, moment, name, payload))
            self._sockets.append(socket)
            await socket.open(f"ws://{HOST}:{self._server.socket_port}", token=token_of(user), watch=watch)

    async def disconnect(self) -> None:
        await asyncio.gather(*(socket.close() for socket in self._sockets))

    def _on_event(self, owner: int | None, moment: float, name: str, payload: Payload) -> None:
        if name == "booking.created" and owner is not None:
            self._arrivals[payload["data"]["bookingId"]].append((owner, moment))
            self._seqs[owner].append(payload["seq"])
        elif name == "event.availability":
            self.availability_messages += 1

    async def book(self, *, rate: float, seconds: float, events: int) -> list[Booked]:
        """Book a seat ``rate`` times a second, without waiting for earlier requests; then wait until all have arrived.

        Raises:
            Failed: a booking was not answered 201, or did not arrive exactly once, at its organizer only.
        """
        async with http_connections(self._server.http_port) as connections:
            with garbage_collection_off():
                started, bookings = time.monotonic(), []
                for number in range(round(rate * seconds)):
                    due = started + number / rate
                    await asyncio.sleep(due - time.monotonic())
                    bookings.append(asyncio.create_task(self._book(connections, number, number * STRIDE % events, due)))
                made = dict(await asyncio.gather(*bookings))
                await self._wait_for(made)
        return list(made.values())

    async def _book(self, connections: Pool, number: int, owner: int, due: float) -> tuple[str, Booked]:
        body = {"eventId": self._participants.events[owner].pk, "qty": 1}
        token = self._tokens[number % len(self._tokens)]
        connection = await connections.get()
        try:
            status, answer = await connection.post("/api/bookings", body, token=token)
        finally:
            connections.put_nowait(connection)
        if status != 201:
            raise Failed(f"A booking was answered {status}: {answer}.")
        return answer["id"], Booked(owner, due, answered=time.monotonic())

    async def _wait_for(self, made: dict[str, Booked]) -> None:
        deadline = time.monotonic() + ARRIVAL_SECONDS
        while not made.keys() <= self._arrivals.keys() and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
        await asyncio.sleep(DUPLICATE_SECONDS)
        for booking_id, booked in made.items():
            booked.arrived = self._arrivals[booking_id]
        self._check(list(made.values()))

    def _check(self, made: list[Booked]) -> None:
        if lost := sum(not socket.is_open for socket in self._sockets):
            raise Failed(f"{lost} of {len(self._sockets)} connections were lost.")
        if wrong := sum([owner for owner, _ in one.arrived] != [one.owner] for one in made):
            raise Failed(f"{wrong} of {len(made)} bookings did not arrive exactly once at their organizer.")
        if disordered := sum(seqs != list(range(seqs[0], seqs[0] + len(seqs))) for seqs in self._seqs.values()):
            raise Failed(f"{disordered} organizers got their notifications out of order.")


@asynccontextmanager
async def http_connections(port: int) -> AsyncIterator[Pool]:
    free: Pool = asyncio.Queue()
    opened = [HttpConnection(HOST, port) for _ in range(HTTP_CONNECTIONS)]
    for connection in opened:
        await connection.open()
        free.put_nowait(connection)
    try:
        yield free
    finally:
        for connection in opened:
            connection.close()


@contextmanager
def garbage_collection_off() -> Iterator[None]:
    """Keep the garbage collector from delaying the moment at which a message is read."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
