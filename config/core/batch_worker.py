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
    """Collects items from any thread and processes them in batches, in one daemon thread for each process.

    The items live in memory and are lost when the process dies, so something else must make up for the work.
    ``pause`` is the time between two batches in seconds: items that come meanwhile are one batch.
    """

    def __init__(self, process: Callable[[list[T]], None], *, name: str, pause: float = 0.0) -> None:
        self._process, self._name, self._pause = process, name, pause
        self._reset()
        os.register_at_fork(after_in_child=self._reset)
        atexit.register(self.finish, seconds=5.0)

    def _reset(self) -> None:
        """Start empty: after a fork the child has no worker thread, and its parent's items are not its own."""
        self._items: list[T] = []
        self._changed = threading.Condition()
        self._is_busy = False
        self._finishing = 0  # threads that wait in finish()
        self._thread: threading.Thread | None = None

    def add(self, items: Iterable[T]) -> None:
        """Add items; returns at once."""
        with self._changed:
            self._items.extend(items)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def finish(self, *, seconds: float = 10.0) -> bool:
        """Wait until all items are processed, without pauses; return False when that takes longer than ``seconds``."""
        with self._changed:
            self._finishing += 1
            self._changed.notify_all()
            try:
                return self._changed.wait_for(lambda: not self._items and not self._is_busy, timeout=seconds)
            finally:
                self._finishing -= 1

    def _run(self) -> None:
        while True:
            batch = self._next_batch()
            try:
                self._process(batch)
            except Exception:
                log.exception("background_work_failed", thread=self._name, items=len(batch))
            with self._changed:
                self._is_busy = False
                self._changed.notify_all()
            self._wait_pause()

    def _wait_pause(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._finishing > 0, timeout=self._pause)

    def _next_batch(self) -> list[T]:
        with self._changed:
            self._changed.wait_for(lambda: bool(self._items))
            batch, self._items = self._items, []
            self._is_busy = True
            return batch
