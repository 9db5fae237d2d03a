"""Telling the worker that deliveries wait, without making anyone wait for Redis. Beat asks again anyway."""

import kombu.exceptions
import structlog
from django.core.cache import cache

from config.background import Gatherer

MARK, MARK_SECONDS = "webhooks:announced", 2  # one task under way is enough
MERGE_SECONDS = 0.03

log = structlog.get_logger(__name__)


def wake() -> None:
    """Let the worker send what is due. Returns at once and never raises."""
    waker.add([None])


def announce(_: list[None]) -> None:
    from realtime.tasks import send_webhooks  # noqa: PLC0415 - the task imports the sender

    try:
        if cache.add(MARK, 1, timeout=MARK_SECONDS):
            send_webhooks.apply_async(expires=60)
    except (kombu.exceptions.KombuError, OSError) as error:
        log.warning("webhooks_wake_failed", error=str(error)[:200], hint="beat sends them instead")


waker: Gatherer[None] = Gatherer(announce, name="webhook-waker", pause=MERGE_SECONDS)
