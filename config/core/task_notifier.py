"""Notifying the worker that something waits, without making a request wait for Redis.

A thread of its own sends the tasks. A mark in Redis says that a task for a subject is on its way, and is removed when
the task starts: until then no process sends another. An absent Redis costs nothing here, since beat sends the same
tasks at intervals.
"""

from collections.abc import Callable, Iterable

import kombu.exceptions
import structlog
from django.core.cache import cache

from config.core.batch_worker import BatchWorker

MARK_SECONDS = 2  # how long a lost task keeps others from being sent

log = structlog.get_logger(__name__)


class TaskNotifier:
    """``send_task`` queues the task for one subject. ``pause`` seconds pass between two rounds of sending."""

    def __init__(self, send_task: Callable[[str], object], *, name: str, pause: float) -> None:
        self._send_task, self._name = send_task, name
        self._worker: BatchWorker[str] = BatchWorker(self.send_tasks, name=f"{name}-notifier", pause=pause)

    def notify(self, subjects: Iterable[str]) -> None:
        """Have the worker look after these subjects. Returns at once and never raises."""
        self._worker.add(subjects)

    def send_tasks(self, subjects: Iterable[str]) -> None:
        try:
            for subject in sorted(set(subjects)):
                if cache.add(self.mark_key(subject), 1, timeout=MARK_SECONDS):
                    self._send_task(subject)
        except (kombu.exceptions.KombuError, OSError) as error:
            log.warning("task_not_sent", notifier=self._name, error=str(error)[:200], hint="beat sends it instead")

    def mark_started(self, subject: str) -> None:
        """Record that the task runs: whatever is notified from now on needs a new task."""
        cache.delete(self.mark_key(subject))

    def mark_key(self, subject: str) -> str:
        return f"{self._name}:announced:{subject}"

    def finish(self, *, seconds: float = 10.0) -> bool:
        """Wait until all tasks are sent; return False when that takes longer than ``seconds``."""
        return self._worker.finish(seconds=seconds)
