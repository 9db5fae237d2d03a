"""Background work on webhooks."""

from celery import shared_task


@shared_task
def send_webhooks() -> None:
    """Send what is due; woken when there is something, and sent by beat."""
