"""When a delivery is tried again, and when it is given up."""

import random
from datetime import datetime, timedelta

from config.core.clock import as_utc
from realtime.models import Delivery
from realtime.webhooks.attempts import Attempt

FIRST_DELAY, MAX_DELAY = timedelta(seconds=10), timedelta(hours=1)


GIVE_UP_AFTER = timedelta(hours=24)


GONE = 410


PENDING, DELIVERED, FAILED = (status.value for status in Delivery.Status)


def next_state(delivery: Delivery, attempt: Attempt, *, now: datetime) -> dict[str, object]:
    """Return the fields after an attempt: delivered, failed for good, or due again later."""
    if attempt.delivered:
        return {"status": DELIVERED}
    due_at = now + retry_delay(delivery.tries)
    if attempt.status == GONE or due_at > as_utc(delivery.created_at) + GIVE_UP_AFTER:
        return {"status": FAILED}
    return {"status": PENDING, "due_at": due_at}


def retry_delay(tries: int) -> timedelta:
    """Return a delay that doubles with each try. A fifth of it is random, so retries after an outage spread out."""
    longest = min(MAX_DELAY, FIRST_DELAY * 2 ** min(tries, 20))
    return longest * random.uniform(0.8, 1)  # noqa: S311 - jitter, not a secret
