"""The desk: group commit for bookings.

Orders for one event queue up in the process. The first thread in becomes the teller and serves all that wait as
one batch; then the next in line becomes the teller for those who came meanwhile. One order alone pays nothing for
this; under load a batch costs what a single booking would, and a hot event sells several times as fast.
"""

import threading
from collections import deque

from bookings.checkout import batch_processor
from bookings.checkout.booking_request import BookingRequest
from bookings.checkout.post_commit_worker import CommittedClaim, post_commit_worker
from bookings.documents import BookingRepresentation

MAX_BATCH = 64


class BookingBatcher:
    def __init__(self) -> None:
        self._lines: dict[str, deque[BookingRequest]] = {}
        self._lock = threading.Lock()

    def place(self, order: BookingRequest) -> BookingRepresentation:
        """Return the booking's answer, or raise why there is none."""
        if not self._join(order):
            order.turn.wait()
        if not order.is_decided:  # first in line: this thread is the teller now
            self._serve(order.event_id)
        return order.result()

    def _join(self, order: BookingRequest) -> bool:
        """Queue up; return whether nobody was there. The line exists as long as somebody serves it."""
        with self._lock:
            line = self._lines.get(order.event_id)
            if first := line is None:
                line = self._lines[order.event_id] = deque()
            line.append(order)
            return first

    def _serve(self, event_id: str) -> None:
        batch = self._call_up(event_id)
        sales: list[CommittedClaim] = []
        try:
            batch_processor.process_batch(event_id, batch, sales=sales)
        except BaseException as error:  # noqa: BLE001 - whatever it was, nobody may wait for ever
            for order in batch:
                if not order.is_decided:
                    order.refuse(error)
        finally:
            self._hand_over(event_id, batch)
            post_commit_worker.add(sales)

    def _call_up(self, event_id: str) -> list[BookingRequest]:
        with self._lock:
            line = self._lines[event_id]
            return [line.popleft() for _ in range(min(MAX_BATCH, len(line)))]

    def _hand_over(self, event_id: str, served: list[BookingRequest]) -> None:
        """Make the next in line the teller, and let the served go."""
        with self._lock:
            if line := self._lines[event_id]:
                line[0].turn.set()
            else:
                del self._lines[event_id]
        for order in served:
            order.turn.set()


batcher = BookingBatcher()
