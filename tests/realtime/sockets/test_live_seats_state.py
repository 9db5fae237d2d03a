"""Who watches an event's seats hears of its last state, whatever the others do."""

import asyncio
from typing import Any

import pytest

from events.models import Event
from realtime.sockets import live_seats as boards
from realtime.sockets.live_seats import LiveSeats, Seats


class Reader:
    """Takes what it is shown as soon as it may read."""

    def __init__(self, *, reads: bool = True) -> None:
        self.may_read, self.shown, self.begun = asyncio.Event(), list[int](), 0
        if reads:
            self.may_read.set()

    async def show(self, seats: Seats) -> None:
        self.begun += 1
        await self.may_read.wait()
        self.shown.append(seats.available)


async def move(board: LiveSeats, event: Event, seats: int) -> None:
    await asyncio.to_thread(Event.objects.filter(pk=event.pk).update, available_seats=seats)
    board.hear([event.pk])
    await board.tick()
    await asyncio.sleep(0.01)


def test_one_that_does_not_read_holds_up_nobody_and_gets_the_last_state(event: Event):
    async def watch() -> tuple[list[int], list[int]]:
        board, quick, slow = LiveSeats(), Reader(), Reader(reads=False)
        await board.watch(event.pk, quick, quick.show)
        await board.watch(event.pk, slow, slow.show)
        for seats in (9, 8, 7):
            await asyncio.wait_for(move(board, event, seats), 5)
        slow.may_read.set()
        await asyncio.sleep(0.01)
        return quick.shown, slow.shown

    assert asyncio.run(watch()) == ([9, 8, 7], [9, 7])


def test_who_comes_while_seats_move_is_shown_what_they_moved_to(event: Event, monkeypatch: pytest.MonkeyPatch):
    """The seats were read before they moved, and the others were shown the move before this one was on the board."""
    real = boards.read_seats

    async def watch() -> list[int]:
        board, first, late = LiveSeats(), Reader(), Reader()
        await board.watch(event.pk, first, first.show)
        before = await asyncio.to_thread(real, [event.pk])
        await move(board, event, 4)
        monkeypatch.setattr(boards, "read_seats", lambda _: before)
        await board.watch(event.pk, late, late.show)
        monkeypatch.setattr(boards, "read_seats", real)
        await board.tick()
        await asyncio.sleep(0.01)
        return late.shown

    assert asyncio.run(watch()) == [4]


def test_who_left_is_shown_nothing_more(event: Event):
    async def watch() -> Any:
        board, visitor = LiveSeats(), Reader(reads=False)
        await board.watch(event.pk, visitor, visitor.show)
        await move(board, event, 9)
        board.unwatch(event.pk, visitor)
        visitor.may_read.set()
        await move(board, event, 8)
        return visitor.shown, board.watched()

    assert asyncio.run(watch()) == ([], set())
