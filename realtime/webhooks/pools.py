"""Sending deliveries in the background, so that a slow receiver does not delay the others.

Each process has two small pools of threads. Receivers that answered quickly last time share one, struggling receivers
the other: any number of dead receivers cost the others one attempt each, the one that shows it. One thread of a process
serves a webhook at a time; one with many deliveries gets a time slice, then goes to the end of its pool's queue.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import structlog

from config.core.clock import now
from realtime.models import Webhook
from realtime.webhooks import delivery_queue
from realtime.webhooks.sender import Outcome, send_next

QUICK_THREADS, SLOW_THREADS = 6, 4
SLICE_DELIVERIES, SLICE_SECONDS = 20, 2.0  # whichever is reached first ends a time slice

log = structlog.get_logger(__name__)


class DeliveryPools:
    """Calls ``send(webhook id)`` for webhooks with due deliveries, in threads of this process."""

    def __init__(self, send: Callable[[str], Outcome]) -> None:
        self._send = send
        self._changed = threading.Condition()  # its lock is reentrant: ``_run`` calls ``schedule`` while holding it
        self._active: dict[str, bool] = {}  # webhook id -> whether it was scheduled again meanwhile
        self._stopping = False
        self._pools = {
            False: ThreadPoolExecutor(QUICK_THREADS, thread_name_prefix="webhooks"),
            True: ThreadPoolExecutor(SLOW_THREADS, thread_name_prefix="webhooks-slow"),
        }

    def schedule(self, webhook_id: str, *, struggling: bool = False) -> None:
        """Have a webhook's due deliveries sent; returns at once."""
        with self._changed:
            if self._stopping:
                return
            if webhook_id in self._active:
                self._active[webhook_id] = True
                return
            self._active[webhook_id] = False
            self._pools[struggling].submit(self._run, webhook_id)

    def wait_until_idle(self, *, seconds: float = 30.0) -> bool:
        """Wait until no webhook is active; return False when that took too long."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._active, timeout=seconds)

    def stop(self) -> None:
        """Schedule nothing more. Attempts that have begun are finished; other workers send the rest."""
        with self._changed:
            self._stopping = True
        for pool in self._pools.values():
            pool.shutdown(wait=False)

    def _run(self, webhook_id: str) -> None:
        try:
            outcome = self._run_time_slice(webhook_id)
        except Exception:
            log.exception("webhook_sending_failed", webhook=webhook_id)
            outcome = Outcome.STRUGGLING
        with self._changed:
            scheduled_again = self._active.pop(webhook_id)
            if outcome is Outcome.SENT or (scheduled_again and outcome is Outcome.NOTHING_DUE):
                self.schedule(webhook_id)
            self._changed.notify_all()

    def _run_time_slice(self, webhook_id: str) -> Outcome:
        outcome, end = Outcome.SENT, time.monotonic() + SLICE_SECONDS
        for _ in range(SLICE_DELIVERIES):
            if self._stopping or outcome is not Outcome.SENT or time.monotonic() > end:
                break
            outcome = self._send(webhook_id)
        return outcome


pools = DeliveryPools(send_next)


def schedule_due(through: DeliveryPools = pools) -> None:
    due = delivery_queue.due_webhooks(now=now())
    struggling = set(Webhook.objects.filter(pk__in=due, struggling=True).values_list("pk", flat=True))
    for webhook_id in due:
        through.schedule(webhook_id, struggling=webhook_id in struggling)
