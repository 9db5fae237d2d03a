"""Background tasks of webhooks and notifications."""

import structlog
from celery import shared_task
from celery.signals import worker_shutting_down

from config.core.clock import now
from realtime.notifications import retention
from realtime.webhooks.notifier import ALL, notifier
from realtime.webhooks.pools import pools, schedule_due

log = structlog.get_logger(__name__)


@shared_task
def send_webhooks() -> None:
    """Schedule the deliveries that are due, without waiting for any receiver.

    The notifier sends this task when deliveries are stored; beat sends it every few seconds.
    """
    notifier.mark_started(ALL)
    schedule_due()


@worker_shutting_down.connect
def stop_sending(**_: object) -> None:
    pools.stop()


@shared_task
def expire_notifications() -> None:
    """Delete old notifications. Beat sends this task once a day."""
    log.info("notifications_expired", count=retention.delete_expired(now=now()))
