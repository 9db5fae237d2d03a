"""The booking batcher: group commit for bookings.

Requests for one event queue up in the process. The thread of the first request processes all that wait as one batch;
then the thread of the first request that came in meanwhile processes the next. A single request costs nothing extra;
under load a batch costs what a single booking would, and a hot event sells several times as fast.
"""

import threading
from collections import deque

from bookings.checkout import batch_processor
from bookings.checkout.booking_request import BookingRequest
from bookings.checkout.post_commit_worker import CommittedClaim, post_commit_worker
from bookings.documents import BookingRepresentation

MAX_BATCH = 64


class BookingBatcher:
    def __init__(self) -> None:
        self._queues: dict[str, deque[BookingRequest]] = {}
        self._lock = threading.Lock()

    def submit(self, request: BookingRequest) -> BookingRepresentation:
        """Return the booking, or raise the refusal."""
        if not self._enqueue(request):
            request.ready.wait()
        if not request.is_decided:  # it is the first in the queue: this thread processes the batch
            self._process(request.event_id)
        return request.result()

    def _enqueue(self, request: BookingRequest) -> bool:
        """Return whether the queue is new. It exists as long as a thread processes batches of the event."""
        with self._lock:
            queue = self._queues.get(request.event_id)
            if is_new := queue is None:
                queue = self._queues[request.event_id] = deque()
            queue.append(request)
            return is_new

    def _process(self, event_id: str) -> None:
        batch = self._take_batch(event_id)
        committed: list[CommittedClaim] = []
        try:
            batch_processor.process_batch(event_id, batch, committed=committed)
        except BaseException as error:  # noqa: BLE001 - whatever it was, no thread may wait for ever
            for request in batch:
                if not request.is_decided:
                    request.refuse(error)
        finally:
            self._release(event_id, batch)
            post_commit_worker.add(committed)

    def _take_batch(self, event_id: str) -> list[BookingRequest]:
        with self._lock:
            queue = self._queues[event_id]
            return [queue.popleft() for _ in range(min(MAX_BATCH, len(queue)))]

    def _release(self, event_id: str, batch: list[BookingRequest]) -> None:
        """Let the first thread of the queue process the next batch, and those of this batch return."""
        with self._lock:
            if queue := self._queues[event_id]:
                queue[0].ready.set()
            else:
                del self._queues[event_id]
        for request in batch:
            request.ready.set()


batcher = BookingBatcher()
