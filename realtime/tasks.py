"""Background work on webhooks and notifications."""

import structlog
from celery import shared_task
from celery.signals import worker_shutting_down

from config.core.clock import now
from realtime.notifications import inbox
from realtime.webhooks.notifier import ALL, notifier
from realtime.webhooks.pools import pools, send_due

log = structlog.get_logger(__name__)


@shared_task
def send_webhooks() -> None:
    """Start sending what is due; woken when there is something, and sent by beat. It waits for no receiver."""
    notifier.mark_started(ALL)
    send_due()


@worker_shutting_down.connect
def stop_sending(**_: object) -> None:
    pools.stop()


@shared_task
def expire_notifications() -> None:
    """Delete what nobody will ask for any more; sent by beat once a day."""
    log.info("notifications_expired", count=inbox.expire_old(now=now()))
