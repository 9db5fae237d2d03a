"""Each watcher of an event gets its newest seats, whatever the other watchers do."""

import asyncio

import pytest

from events.models import Event
from realtime.sockets import live_seats as live_seats_module
from realtime.sockets.live_seats import LiveSeats, Seats


class Recorder:
    """Records the seats that it is sent, once it may read them."""

    def __init__(self, *, reads: bool = True) -> None:
        self.may_read, self.available = asyncio.Event(), list[int]()
        if reads:
            self.may_read.set()

    async def record(self, seats: Seats) -> None:
        await self.may_read.wait()
        self.available.append(seats.available)


async def change_seats(live_seats: LiveSeats, event: Event, available: int) -> None:
    await asyncio.to_thread(Event.objects.filter(pk=event.pk).update, available_seats=available)
    live_seats.mark_changed([event.pk])
    await live_seats.send_changes()
    await asyncio.sleep(0.01)


def test_a_slow_watcher_delays_no_other_and_skips_to_the_newest_seats(event: Event):
    async def scenario() -> tuple[list[int], list[int]]:
        live_seats, quick, slow = LiveSeats(), Recorder(), Recorder(reads=False)
        await live_seats.watch(event.pk, quick, quick.record)
        await live_seats.watch(event.pk, slow, slow.record)
        for available in (9, 8, 7):
            await asyncio.wait_for(change_seats(live_seats, event, available), 5)
        slow.may_read.set()
        await asyncio.sleep(0.01)
        return quick.available, slow.available

    assert asyncio.run(scenario()) == ([9, 8, 7], [9, 7])


def test_a_change_during_watch_is_sent_to_the_new_watcher(event: Event, monkeypatch: pytest.MonkeyPatch):
    """The second watcher's read is from before the change, and the change was sent before it was registered."""
    real = live_seats_module.read_seats

    async def scenario() -> list[int]:
        live_seats, first, second = LiveSeats(), Recorder(), Recorder()
        await live_seats.watch(event.pk, first, first.record)
        before = await asyncio.to_thread(real, [event.pk])
        await change_seats(live_seats, event, 4)
        monkeypatch.setattr(live_seats_module, "read_seats", lambda _: before)
        await live_seats.watch(event.pk, second, second.record)
        monkeypatch.setattr(live_seats_module, "read_seats", real)
        await live_seats.send_changes()
        await asyncio.sleep(0.01)
        return second.available

    assert asyncio.run(scenario()) == [4]


def test_after_unwatch_nothing_more_is_sent(event: Event):
    async def scenario() -> tuple[list[int], set[str]]:
        live_seats, watcher = LiveSeats(), Recorder(reads=False)
        await live_seats.watch(event.pk, watcher, watcher.record)
        await change_seats(live_seats, event, 9)
        live_seats.unwatch(event.pk, watcher)
        watcher.may_read.set()
        await change_seats(live_seats, event, 8)
        return watcher.available, live_seats.watched_events()

    assert asyncio.run(scenario()) == ([], set())
