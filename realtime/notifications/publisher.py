"""Sending to sockets from any process: the one place that does."""

import threading
from collections.abc import Iterable, Mapping

import structlog

from config.core import pubsub
from realtime.documents import NotificationDocument
from realtime.notifications import messages

log = structlog.get_logger(__name__)


class Listeners:
    """Whether any realtime process receives what this process publishes. Only a change is logged: it is no failure."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._are_there = True

    def record(self, count: int) -> None:
        with self._lock:
            is_change, self._are_there = self._are_there != bool(count), bool(count)
        if is_change and count:
            log.info("realtime_process_listens_again", processes=count)
        elif is_change:
            log.warning("no_realtime_process_listens", hint="clients get what is stored when they connect")


listeners = Listeners()


def emit(documents: Iterable[NotificationDocument]) -> None:
    """Send stored notifications to their recipients' open sockets, whichever process holds them, in this order.

    If no realtime process listens, nothing is lost: a process that subscribes later lets each of its connections read
    MongoDB, where the notifications are stored already. A Redis that this process cannot reach may still serve the
    realtime processes, whose clients would miss the notifications: that is a failure, and the journal retries it.

    Raises:
        redis.RedisError: Redis cannot be reached.
    """
    listeners.record(pubsub.publish({"notifications": [addressed(document) for document in documents]}))


def addressed(document: NotificationDocument) -> Mapping[str, object]:
    return {"to": document["recipient"], "type": document["type"], "message": messages.notification(document)}
