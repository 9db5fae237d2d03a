"""Live seats: who watches which event in this process, and what they were shown last."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

import structlog
from pymongo.errors import PyMongoError

from events.documents import EventDocument
from events.models import Event

TICK_SECONDS = 0.2  # so an event's watchers hear of it five times a second at most
LOOK_EVERY = 10  # ticks; then every watched event is looked at, whether anybody said that it moved or not

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Seats:
    """An event as its watchers see it; ``status`` is HIDDEN where nobody may see it any more."""

    event_id: str
    available: int
    total: int
    status: str


Show = Callable[[Seats], Awaitable[None]]


class Watcher:
    """One watcher of one event: shown each state that differs from the last, and while it is slow only the newest."""

    def __init__(self, show: Show, *, seen: Seats) -> None:
        self._show, self._last = show, seen
        self._waiting: Seats | None = None
        self._task: asyncio.Task[None] | None = None

    def tell(self, seats: Seats) -> None:
        if seats == self._last:
            return
        self._last = self._waiting = seats
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work_off())

    def stop(self) -> None:
        if self._task:
            self._task.cancel()

    async def _work_off(self) -> None:
        while self._waiting is not None:
            seats, self._waiting = self._waiting, None
            await self._show(seats)


class LiveSeats:
    """Bursts merge: what moved between two ticks is read once and shown once, the last state always.

    A watcher that does not read holds up neither the others nor the board.
    """

    def __init__(self) -> None:
        self._watchers: dict[str, dict[object, Watcher]] = {}
        self._moved: set[str] = set()

    async def watch(self, event_id: str, who: object, show: Show) -> Seats | None:
        """Show an event's changes from now on; return how it is now, None if there is no such event."""
        seats = (await asyncio.to_thread(read_seats, [event_id])).get(event_id)
        if seats is not None:
            self.unwatch(event_id, who)
            self._watchers.setdefault(event_id, {})[who] = Watcher(show, seen=seats)
            self._moved.add(event_id)  # it may have moved since it was read
        return seats

    def unwatch(self, event_id: str, who: object) -> None:
        watchers = self._watchers.get(event_id, {})
        if viewer := watchers.pop(who, None):
            viewer.stop()
        if not watchers:
            self._watchers.pop(event_id, None)

    def watched(self) -> set[str]:
        """Return the events that somebody watches."""
        return set(self._watchers)

    def hear(self, event_ids: Iterable[str]) -> None:
        """Note that seats moved."""
        self._moved.update(self._watchers.keys() & set(event_ids))

    def look_at_all(self) -> None:
        self._moved.update(self._watchers)

    async def run(self) -> None:
        """Show what moved, tick by tick, for ever."""
        ticks = 0
        while True:
            await asyncio.sleep(TICK_SECONDS)
            ticks += 1
            if ticks % LOOK_EVERY == 0:
                self.look_at_all()
            try:
                await self.tick()
            except PyMongoError as error:
                log.warning("seats_unread", error=str(error)[:200])

    async def tick(self) -> None:
        moved, self._moved = self._moved & self._watchers.keys(), set()
        for event_id, seats in (await asyncio.to_thread(read_seats, moved)).items() if moved else ():
            for viewer in self._watchers.get(event_id, {}).values():
                viewer.tell(seats)


def read_seats(event_ids: Iterable[str]) -> dict[str, Seats]:
    fields = dict.fromkeys(("available_seats", "total_seats", "status", "hidden"), 1)
    found = Event.documents.find({"_id": {"$in": list(event_ids)}}, fields)
    return {document["_id"]: seats_of(document) for document in found}


def seats_of(document: EventDocument) -> Seats:
    if document["hidden"]:
        return Seats(document["_id"], 0, document["total_seats"], "HIDDEN")
    return Seats(document["_id"], document["available_seats"], document["total_seats"], document["status"])
