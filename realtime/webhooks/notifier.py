"""Telling the worker that deliveries wait. Beat asks again anyway."""

from config.core.task_notifier import TaskNotifier

ALL = "all"


def send(_: str) -> None:
    from realtime.tasks import send_webhooks  # noqa: PLC0415 - the task imports the sender

    send_webhooks.apply_async(expires=60)


notifier = TaskNotifier(send, name="webhooks", pause=0.03)


def notify_worker() -> None:
    """Let the worker send what is due. Returns at once and never raises."""
    notifier.notify([ALL])
