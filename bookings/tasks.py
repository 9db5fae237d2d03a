"""Background work on bookings."""

import structlog
from celery import shared_task

from bookings.bulk import jobs
from bookings.checkout import recovery
from bookings.waitlist import closing, offers
from config.core.clock import now

log = structlog.get_logger(__name__)


@shared_task
def recover_stale_claims() -> None:
    """End claims whose process died; sent by beat."""
    for ended in recovery.recover_stale_claims(now=now()):
        log.warning(
            "claim_recovered",
            event_id=ended.event_id,
            claim=ended.claim_id,
            inserted=ended.inserted,
            voided=ended.voided,
        )


@shared_task
def expire_offers() -> None:
    """Expire overdue offers, and entries that wait for events which have begun; sent by beat."""
    for count in offers.expire_offers(now=now()):
        log.info("offers_expired", count=count)
    for count in closing.close_past_waitlists(now=now()):
        log.info("past_waitlist_closed", count=count)


@shared_task
def run_jobs() -> None:
    """Run jobs over all bookings of an event; sent when a job is new, and by beat."""
    jobs.run_jobs()
