"""Background work on webhooks."""

from celery import shared_task
from celery.signals import worker_shutting_down
from django.core.cache import cache

from realtime.webhooks.lanes import lanes, send_due
from realtime.webhooks.wake import MARK


@shared_task
def send_webhooks() -> None:
    """Start sending what is due; woken when there is something, and sent by beat. It waits for no receiver."""
    cache.delete(MARK)  # from here on a new delivery needs a new task
    send_due()


@worker_shutting_down.connect
def stop_sending(**_: object) -> None:
    lanes.stop()
