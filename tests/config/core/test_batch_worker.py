"""Work off the caller's time: gathered while the thread is busy or rests, and at once for whoever waits for the end."""

import threading
import time

import pytest

from config.core.batch_worker import BatchWorker

pytestmark = pytest.mark.no_database


def test_what_comes_while_it_works_is_one_batch():
    batches: list[list[int]] = []
    begun, go_on = threading.Event(), threading.Event()

    def work(items: list[int]) -> None:
        batches.append(items)
        begun.set()
        go_on.wait(10)

    gatherer = BatchWorker(work, name="test")
    gatherer.add([1])
    begun.wait(10)
    gatherer.add([2])
    gatherer.add([3])
    go_on.set()

    assert gatherer.finish()
    assert batches == [[1], [2, 3]]


def rested(*, pause: float) -> tuple[BatchWorker[int], list[list[int]]]:
    """Return a gatherer that has worked off its first batch, and its batches."""
    batches: list[list[int]] = []
    done = threading.Event()

    def work(items: list[int]) -> None:
        batches.append(items)
        done.set()

    gatherer = BatchWorker(work, name="test", pause=pause)
    gatherer.add([1])
    done.wait(10)
    return gatherer, batches


def test_it_rests_between_two_batches():
    gatherer, batches = rested(pause=0.5)
    gatherer.add([2])
    time.sleep(0.05)
    gatherer.add([3])

    assert gatherer.finish()
    assert batches == [[1], [2, 3]]


def test_who_waits_for_the_end_does_not_wait_for_a_rest():
    gatherer, batches = rested(pause=3600)
    gatherer.add([2])

    assert gatherer.finish(seconds=10)
    assert batches == [[1], [2]]


def test_a_batch_that_fails_does_not_end_it():
    done: list[int] = []

    def work(items: list[int]) -> None:
        if 1 in items:
            raise ValueError
        done.extend(items)

    gatherer = BatchWorker(work, name="test")
    gatherer.add([1])
    assert gatherer.finish()
    gatherer.add([2])

    assert gatherer.finish()
    assert done == [2]
