"""Telling the worker that entries wait, without making the request wait for Redis.

One thread a process sends the task; calls in between merge. Redis being away costs nothing here:
the periodic sweep finds what was not announced.
"""

import os
import threading
import time
from collections.abc import Iterable

import kombu.exceptions
import structlog

MERGE_SECONDS = 0.01
REST_SECONDS = 1.0

log = structlog.get_logger(__name__)


class Waker:
    """Collects handler names and announces them from a thread of its own."""

    def __init__(self) -> None:
        self._names: set[str] = set()
        self._lock = threading.Lock()
        self._due = threading.Event()
        self._thread: threading.Thread | None = None

    def wake(self, names: Iterable[str]) -> None:
        with self._lock:
            self._names.update(names)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="journal-waker", daemon=True)
                self._thread.start()
        self._due.set()

    def _run(self) -> None:
        while True:
            self._due.wait()
            self._due.clear()
            time.sleep(MERGE_SECONDS if self._announce() else REST_SECONDS)

    def _announce(self) -> bool:
        from journal.tasks import drain  # noqa: PLC0415 - tasks import the drain, which imports the services

        with self._lock:
            names, self._names = self._names, set()
        try:
            for name in names:
                drain.apply_async((name,), expires=60)
        except (kombu.exceptions.KombuError, OSError) as error:
            log.warning("journal_wake_failed", error=str(error)[:200], hint="the periodic sweep delivers instead")
            return False
        return True


_waker = Waker()


def wake(names: Iterable[str]) -> None:
    """Let the worker look for entries that wait for these handlers. Returns at once and never raises."""
    _waker.wake(names)


def start_afresh() -> None:
    """A forked child has no threads but the one that forked."""
    global _waker  # noqa: PLW0603 - one waker a process
    _waker = Waker()


os.register_at_fork(after_in_child=start_afresh)
