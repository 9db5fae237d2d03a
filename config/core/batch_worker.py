"""Work that a request starts but does not wait for, inside the same process."""

import atexit
import os
import threading
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

import structlog

T = TypeVar("T")

log = structlog.get_logger(__name__)


class BatchWorker(Generic[T]):
    """Collects items from any thread and works them off in batches, in one daemon thread for each process.

    Only for work that something else makes up for when the process dies: the items live in memory.
    ``pause`` seconds pass between two batches, so that bursts merge.
    """

    def __init__(self, work: Callable[[list[T]], None], *, name: str, pause: float = 0.0) -> None:
        self._work, self._name, self._pause = work, name, pause
        self._start_afresh()
        os.register_at_fork(after_in_child=self._start_afresh)
        atexit.register(self.finish, seconds=5.0)

    def _start_afresh(self) -> None:
        """A forked child has no threads but the one that forked, and its parent's items are not its own."""
        self._items: list[T] = []
        self._changed = threading.Condition()
        self._busy = False
        self._hurried = 0  # how many wait for the end
        self._thread: threading.Thread | None = None

    def add(self, items: Iterable[T]) -> None:
        """Hand items in; returns at once."""
        with self._changed:
            self._items.extend(items)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def finish(self, *, seconds: float = 10.0) -> bool:
        """Wait until all that was handed in is worked off, without pauses; return False when that took too long."""
        with self._changed:
            self._hurried += 1
            self._changed.notify_all()
            try:
                return self._changed.wait_for(lambda: not self._items and not self._busy, timeout=seconds)
            finally:
                self._hurried -= 1

    def _run(self) -> None:
        while True:
            batch = self._next_batch()
            try:
                self._work(batch)
            except Exception:
                log.exception("background_work_failed", thread=self._name, items=len(batch))
            with self._changed:
                self._busy = False
                self._changed.notify_all()
            self._rest()

    def _rest(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._hurried > 0, timeout=self._pause)

    def _next_batch(self) -> list[T]:
        with self._changed:
            self._changed.wait_for(lambda: bool(self._items))
            batch, self._items = self._items, []
            self._busy = True
            return batch
