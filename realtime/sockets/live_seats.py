"""Live seats: the watchers of each event in this process, and what they were sent last."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

import structlog
from pymongo.errors import PyMongoError

from events.documents import EventDocument
from events.models import Event

TICK_SECONDS = 0.2  # between two readings, so an event's watchers get five messages a second at most
RECHECK_TICKS = 10  # every watched event is read then, in case the message that its seats changed was lost

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Seats:
    """An event as its watchers see it; ``status`` is HIDDEN where nobody may see it any more."""

    event_id: str
    available: int
    total: int
    status: str


SendSeats = Callable[[Seats], Awaitable[None]]


class Watcher:
    """One watcher of one event. It is sent each state that differs from the last; a slow one skips to the newest."""

    def __init__(self, send: SendSeats, *, last: Seats) -> None:
        self._send, self._last = send, last
        self._pending: Seats | None = None
        self._task: asyncio.Task[None] | None = None

    def update(self, seats: Seats) -> None:
        if seats == self._last:
            return
        self._last = self._pending = seats
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._send_pending())

    def stop(self) -> None:
        if self._task:
            self._task.cancel()

    async def _send_pending(self) -> None:
        while self._pending is not None:
            seats, self._pending = self._pending, None
            await self._send(seats)


class LiveSeats:
    """Sends seats as they change. Changes between two ticks are read once and sent once, as the newest state.

    Each watcher sends in a task of its own, so one that does not read delays neither the others nor the ticks.
    """

    def __init__(self) -> None:
        self._watchers: dict[str, dict[object, Watcher]] = {}
        self._changed: set[str] = set()

    async def watch(self, event_id: str, subscriber: object, send: SendSeats) -> Seats | None:
        """Send an event's changes from now on; return its seats now, None if there is no such event."""
        seats = (await asyncio.to_thread(read_seats, [event_id])).get(event_id)
        if seats is not None:
            self.unwatch(event_id, subscriber)
            self._watchers.setdefault(event_id, {})[subscriber] = Watcher(send, last=seats)
            self._changed.add(event_id)  # the seats may have changed since they were read
        return seats

    def unwatch(self, event_id: str, subscriber: object) -> None:
        watchers = self._watchers.get(event_id, {})
        if watcher := watchers.pop(subscriber, None):
            watcher.stop()
        if not watchers:
            self._watchers.pop(event_id, None)

    def watched_events(self) -> set[str]:
        return set(self._watchers)

    def mark_changed(self, event_ids: Iterable[str]) -> None:
        self._changed.update(self._watchers.keys() & set(event_ids))

    def mark_all_changed(self) -> None:
        self._changed.update(self._watchers)

    async def run(self) -> None:
        ticks = 0
        while True:
            await asyncio.sleep(TICK_SECONDS)
            ticks += 1
            if ticks % RECHECK_TICKS == 0:
                self.mark_all_changed()
            try:
                await self.send_changes()
            except PyMongoError as error:
                log.warning("live_seats_unavailable", error=str(error)[:200])

    async def send_changes(self) -> None:
        changed, self._changed = self._changed & self._watchers.keys(), set()
        for event_id, seats in (await asyncio.to_thread(read_seats, changed)).items() if changed else ():
            for watcher in self._watchers.get(event_id, {}).values():
                watcher.update(seats)


def read_seats(event_ids: Iterable[str]) -> dict[str, Seats]:
    fields = dict.fromkeys(("available_seats", "total_seats", "status", "hidden"), 1)
    found = Event.documents.find({"_id": {"$in": list(event_ids)}}, fields)
    return {document["_id"]: seats_of(document) for document in found}


def seats_of(document: EventDocument) -> Seats:
    if document["hidden"]:
        return Seats(document["_id"], 0, document["total_seats"], "HIDDEN")
    return Seats(document["_id"], document["available_seats"], document["total_seats"], document["status"])
