"""Delivery in the background."""

from celery import shared_task

from journal.dispatch import dispatch as drain_handler
from journal.handler_notifier import notifier_of
from journal.handlers import HANDLERS


@shared_task
def drain(handler: str) -> None:
    """Deliver what waits for one handler; sent after each write."""
    notifier_of(handler).started(handler)
    drain_handler(handler)


@shared_task
def sweep() -> None:
    """Deliver whatever nobody announced; sent by beat. A task for each handler: mail must not delay sockets."""
    for handler in HANDLERS:
        drain.apply_async((handler,), expires=60)
