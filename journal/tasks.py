"""Delivery in the background."""

from celery import shared_task
from django.core.cache import cache

from journal.drain import drain as drain_handler
from journal.handlers import HANDLERS
from journal.wake import mark


@shared_task
def drain(handler: str) -> None:
    """Deliver what waits for one handler; sent after each write."""
    cache.delete(mark(handler))  # from here on a new entry needs a new task
    drain_handler(handler)


@shared_task
def sweep() -> None:
    """Deliver whatever nobody announced; sent by beat. A task for each handler: mail must not delay sockets."""
    for handler in HANDLERS:
        drain.apply_async((handler,), expires=60)
