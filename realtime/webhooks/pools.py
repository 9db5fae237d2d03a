"""Who is served when: no receiver, however slow, keeps the others waiting.

Two small pools of threads in each process. Receivers that answered quickly last time share one; those that
struggled share the other, so that any number of dead ones costs the living nothing but one attempt each, the
one that shows it. A webhook is served by one thread of a process at a time and, when it has much to get, in turns.
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
TURN_DELIVERIES, TURN_SECONDS = 20, 2.0  # whichever comes first; then others have theirs

log = structlog.get_logger(__name__)


class DeliveryPools:
    """Serves webhooks with ``send(webhook id)``, in the background of this process."""

    def __init__(self, send: Callable[[str], Outcome]) -> None:
        self._send = send
        self._changed = threading.Condition()  # its lock may be taken again by the thread that has it
        self._served: dict[str, bool] = {}  # webhook id -> whether more came in meanwhile
        self._stopping = False
        self._pools = {
            False: ThreadPoolExecutor(QUICK_THREADS, thread_name_prefix="webhooks"),
            True: ThreadPoolExecutor(SLOW_THREADS, thread_name_prefix="webhooks-slow"),
        }

    def serve(self, webhook_id: str, *, struggling: bool = False) -> None:
        """Send what is due for a webhook; returns at once."""
        with self._changed:
            if self._stopping:
                return
            if webhook_id in self._served:
                self._served[webhook_id] = True
                return
            self._served[webhook_id] = False
            self._pools[struggling].submit(self._run, webhook_id)

    def finish(self, *, seconds: float = 30.0) -> bool:
        """Wait until nothing is being served; return False when that took too long."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._served, timeout=seconds)

    def stop(self) -> None:
        """Take nothing more on. Attempts under way end by themselves; what is left another worker takes."""
        with self._changed:
            self._stopping = True
        for pool in self._pools.values():
            pool.shutdown(wait=False)

    def _run(self, webhook_id: str) -> None:
        try:
            outcome = self._turn(webhook_id)
        except Exception:
            log.exception("webhook_failed", webhook=webhook_id)
            outcome = Outcome.STRUGGLING
        with self._changed:
            came_in = self._served.pop(webhook_id)
            if outcome is Outcome.SENT or (came_in and outcome is Outcome.NOTHING_DUE):
                self.serve(webhook_id)
            self._changed.notify_all()

    def _turn(self, webhook_id: str) -> Outcome:
        """Send until nothing is due, the receiver struggles, or it is the others' turn."""
        outcome, end = Outcome.SENT, time.monotonic() + TURN_SECONDS
        for _ in range(TURN_DELIVERIES):
            if self._stopping or outcome is not Outcome.SENT or time.monotonic() > end:
                break
            outcome = self._send(webhook_id)
        return outcome


pools = DeliveryPools(send_next)


def send_due(through: DeliveryPools = pools) -> None:
    """Start serving every webhook that something is due for."""
    due = delivery_queue.due_webhooks(now=now())
    struggling = set(Webhook.objects.filter(pk__in=due, struggling=True).values_list("pk", flat=True))
    for webhook_id in due:
        through.serve(webhook_id, struggling=webhook_id in struggling)
