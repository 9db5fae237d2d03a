"""Telling the worker at once that deliveries wait. Beat sends the same task every few seconds."""

from celery import current_app

from config.core.task_notifier import TaskNotifier

ALL = "all"


def send_task(_: str) -> None:
    """Send the task by its name: its module imports the sender, which imports this one."""
    current_app.send_task("realtime.tasks.send_webhooks", expires=60)


notifier = TaskNotifier(send_task, name="webhooks", pause=0.03)


def notify_worker() -> None:
    """Have the worker send what is due. Returns at once and never raises."""
    notifier.notify([ALL])
