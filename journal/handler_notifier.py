"""Notifying the worker that entries wait for a handler."""

from collections.abc import Iterable

from celery import current_app

from config.core.task_notifier import TaskNotifier
from journal.handlers import HANDLERS

# Seconds between two notifications. A dispatch costs about the same for one entry and for fifty.
PROMPT_PAUSE, BACKGROUND_PAUSE = 0.03, 1.0


def send_task(handler_name: str) -> None:
    """Send the task by its name: its module imports this one."""
    current_app.send_task("journal.tasks.dispatch_entries", (handler_name,), expires=60, ignore_result=True)


prompt_notifier = TaskNotifier(send_task, name="journal-prompt", pause=PROMPT_PAUSE)
background_notifier = TaskNotifier(send_task, name="journal", pause=BACKGROUND_PAUSE)


def notifier_of(handler_name: str) -> TaskNotifier:
    return prompt_notifier if HANDLERS[handler_name].prompt else background_notifier


def notify_handlers(names: Iterable[str]) -> None:
    """Have the worker deliver to these handlers. Returns at once and never raises."""
    for name in names:
        notifier_of(name).notify([name])


def finish(*, seconds: float = 10.0) -> bool:
    """Wait until every notification is sent; return False when that takes longer."""
    return prompt_notifier.finish(seconds=seconds) and background_notifier.finish(seconds=seconds)
