"""Background work on bookings."""

import structlog
from celery import shared_task

from bookings import recovery
from config.clock import now

log = structlog.get_logger(__name__)


@shared_task
def recover_stale_claims() -> None:
    """End claims whose process died; sent by beat."""
    for ended in recovery.recover_stale_claims(now=now()):
        log.warning(
            "claim_recovered",
            event_id=ended.event_id,
            claim=ended.claim_id,
            standing=ended.standing,
            voided=ended.voided,
        )
