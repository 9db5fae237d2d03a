"""The desk: group commit for bookings.

Orders for one event queue up in the process. The first thread in becomes the teller and serves all that wait as
one batch; then the next in line becomes the teller for those who came meanwhile. One order alone pays nothing for
this; under load a batch costs what a single booking would, and a hot event sells several times as fast.
"""

import threading
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.db import DatabaseError
from pymongo.errors import PyMongoError

from bookings import ledger, teller
from bookings.orders import Order
from bookings.teller import Sale
from journal.services import record_all

BATCH = 64
RIDING = 16

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Line:
    """Who waits for one event, and which of its claims can be removed along with the next one."""

    waiting: deque[Order] = field(default_factory=deque)
    settled: list[str] = field(default_factory=list)


class Desk:
    def __init__(self) -> None:
        self._lines: dict[str, Line] = {}
        self._lock = threading.Lock()

    def place(self, order: Order) -> dict[str, Any]:
        """Return the booking's answer, or raise why there is none."""
        if not self._join(order):
            order.turn.wait()
        if not order.is_decided:  # first in line: this thread is the teller now
            self._serve(order.event_id)
        return order.result()

    def _join(self, order: Order) -> bool:
        """Queue up; return whether nobody was there."""
        with self._lock:
            line = self._lines.get(order.event_id)
            if first := line is None:
                line = self._lines[order.event_id] = Line()
            line.waiting.append(order)
            return first

    def _serve(self, event_id: str) -> None:
        batch, riding = self._call_up(event_id)
        sales: list[Sale] = []
        try:
            teller.serve(event_id, batch, sales=sales, settled=riding)
        except BaseException as error:  # noqa: BLE001 - whatever it was, nobody may wait for ever
            for order in batch:
                if not order.is_decided:
                    order.refuse(error)
        finally:
            self._hand_over(event_id, batch)
        self._finish(event_id, sales, [] if sales else riding)

    def _call_up(self, event_id: str) -> tuple[list[Order], list[str]]:
        with self._lock:
            line = self._lines[event_id]
            batch = [line.waiting.popleft() for _ in range(min(BATCH, len(line.waiting)))]
            riding, line.settled = line.settled, []
        return batch, riding

    def _hand_over(self, event_id: str, served: list[Order]) -> None:
        """Let the served go and make the next in line the teller."""
        for order in served:
            order.turn.set()
        with self._lock:
            if waiting := self._lines[event_id].waiting:
                waiting[0].turn.set()
            else:
                leftover = self._lines.pop(event_id).settled
        if not waiting and leftover:
            ledger.forget(event_id, leftover)

    def _finish(self, event_id: str, sales: list[Sale], riding: list[str]) -> None:
        """Write the journal, then remove the claims.

        The bookings stand already, so nothing that goes wrong here may refuse one: recovery finds the claims
        and does what is left.
        """
        try:
            if entries := [entry for sale in sales for entry in sale.entries]:
                record_all(entries)
            done = [*riding, *(sale.claim.id for sale in sales)]
            if done and not self._ride(event_id, done):
                ledger.forget(event_id, done)
        except (PyMongoError, DatabaseError) as error:
            log.warning("claims_left_to_recovery", event_id=event_id, claims=len(sales), error=str(error)[:200])

    def _ride(self, event_id: str, claim_ids: list[str]) -> bool:
        """Leave the removal of claims to the next claim, where one is coming."""
        with self._lock:
            line = self._lines.get(event_id)
            if line is None or len(line.settled) >= RIDING:
                return False
            line.settled += claim_ids
            return True


desk = Desk()
