"""Telling the worker that entries wait for these handlers."""

from collections.abc import Iterable

from config.core.task_notifier import TaskNotifier
from journal.handlers import HANDLERS

AT_ONCE, IN_A_WHILE = 0.03, 1.0  # seconds between two wakes; a drain costs about the same for one entry and for fifty


def send(handler: str) -> None:
    from journal.tasks import drain  # noqa: PLC0415 - tasks import the drain, which imports the services

    drain.apply_async((handler,), expires=60)


prompt = TaskNotifier(send, name="journal-prompt", pause=AT_ONCE)
patient = TaskNotifier(send, name="journal", pause=IN_A_WHILE)


def notifier_of(handler: str) -> TaskNotifier:
    return prompt if HANDLERS[handler].prompt else patient


def notify_handlers(names: Iterable[str]) -> None:
    """Let the worker look for entries that wait for these handlers. Returns at once and never raises."""
    for name in names:
        notifier_of(name).wake([name])


def finish(*, seconds: float = 10.0) -> bool:
    """Wait until the worker was told of everything; return False when that took too long."""
    return prompt.finish(seconds=seconds) and patient.finish(seconds=seconds)
