"""Delivery in the background."""

from celery import shared_task

from journal.drain import drain as drain_handler
from journal.handlers import HANDLERS
from journal.wake import waker_of


@shared_task
def drain(handler: str) -> None:
    """Deliver what waits for one handler; sent after each write."""
    waker_of(handler).started(handler)
    drain_handler(handler)


@shared_task
def sweep() -> None:
    """Deliver whatever nobody announced; sent by beat. A task for each handler: mail must not delay sockets."""
    for handler in HANDLERS:
        drain.apply_async((handler,), expires=60)
