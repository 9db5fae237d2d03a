"""Announces to watchers that the seats of events changed.

A background thread merges announcements and publishes them. A lost one does no harm: watchers also poll.
"""

from collections.abc import Iterable

import redis
import structlog

from config.core import pubsub
from config.core.batch_worker import BatchWorker

MERGE_SECONDS = 0.05

log = structlog.get_logger(__name__)


def announce_seat_changes(event_ids: Iterable[str]) -> None:
    """Queue the ids for the next announcement; returns at once and never raises."""
    announcer.add(event_ids)


def publish_seat_changes(event_ids: Iterable[str]) -> None:
    try:
        pubsub.publish({"seats": sorted(set(event_ids))})
    except redis.RedisError as error:
        log.warning("seats_not_announced", error=str(error)[:200])


announcer: BatchWorker[str] = BatchWorker(publish_seat_changes, name="seats-announcer", pause=MERGE_SECONDS)
