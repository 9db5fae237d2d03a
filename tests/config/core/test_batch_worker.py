"""Items are processed in a thread, in batches, with a pause between two; finish() waits without pauses."""

import threading
import time

import pytest

from config.core.batch_worker import BatchWorker

pytestmark = pytest.mark.no_database


def test_items_added_during_a_batch_are_one_batch():
    batches: list[list[int]] = []
    begun, go_on = threading.Event(), threading.Event()

    def process(items: list[int]) -> None:
        batches.append(items)
        begun.set()
        go_on.wait(10)

    worker = BatchWorker(process, name="test")
    worker.add([1])
    begun.wait(10)
    worker.add([2])
    worker.add([3])
    go_on.set()

    assert worker.finish()
    assert batches == [[1], [2, 3]]


def worker_after_first_batch(*, pause: float) -> tuple[BatchWorker[int], list[list[int]]]:
    """Return a worker that has processed its first batch, and its batches."""
    batches: list[list[int]] = []
    done = threading.Event()

    def process(items: list[int]) -> None:
        batches.append(items)
        done.set()

    worker = BatchWorker(process, name="test", pause=pause)
    worker.add([1])
    done.wait(10)
    return worker, batches


def test_items_added_during_a_pause_are_one_batch():
    worker, batches = worker_after_first_batch(pause=0.5)
    worker.add([2])
    time.sleep(0.05)
    worker.add([3])

    assert worker.finish()
    assert batches == [[1], [2, 3]]


def test_finish_does_not_wait_for_a_pause():
    worker, batches = worker_after_first_batch(pause=3600)
    worker.add([2])

    assert worker.finish(seconds=10)
    assert batches == [[1], [2]]


def test_a_failed_batch_does_not_end_the_worker():
    done: list[int] = []

    def process(items: list[int]) -> None:
        if 1 in items:
            raise ValueError
        done.extend(items)

    worker = BatchWorker(process, name="test")
    worker.add([1])
    assert worker.finish()
    worker.add([2])

    assert worker.finish()
    assert done == [2]
