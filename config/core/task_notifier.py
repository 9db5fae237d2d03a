"""Telling the worker that something waits, without making the caller wait for Redis.

A thread of its own sends the tasks, and only where none is under way already: a mark in Redis, taken away when the
task starts, merges the calls of all processes. Redis being away costs nothing here: beat sends the same tasks by
itself.
"""

from collections.abc import Callable, Iterable

import kombu.exceptions
import structlog
from django.core.cache import cache

from config.core.batch_worker import BatchWorker

MARK_SECONDS = 2  # should the task get lost

log = structlog.get_logger(__name__)


class TaskNotifier:
    """``send`` queues the task for one subject; ``pause`` seconds pass between two looks, so that bursts merge."""

    def __init__(self, send: Callable[[str], object], *, name: str, pause: float) -> None:
        self._send, self._name = send, name
        self._gatherer: BatchWorker[str] = BatchWorker(self.announce, name=f"{name}-waker", pause=pause)

    def wake(self, subjects: Iterable[str]) -> None:
        """Let the worker look after these subjects. Returns at once and never raises."""
        self._gatherer.add(subjects)

    def announce(self, subjects: Iterable[str]) -> None:
        try:
            for subject in sorted(set(subjects)):
                if cache.add(self.mark(subject), 1, timeout=MARK_SECONDS):
                    self._send(subject)
        except (kombu.exceptions.KombuError, OSError) as error:
            log.warning("wake_failed", waker=self._name, error=str(error)[:200], hint="beat does it instead")

    def started(self, subject: str) -> None:
        """Say that the task runs: what comes from here on needs a new one."""
        cache.delete(self.mark(subject))

    def mark(self, subject: str) -> str:
        return f"{self._name}:announced:{subject}"

    def finish(self, *, seconds: float = 10.0) -> bool:
        """Wait until everyone is told; return False when that took too long."""
        return self._gatherer.finish(seconds=seconds)
