"""Waiting for another thread or process: bounded, and without guessing how long it takes."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(check: Callable[[], T], *, seconds: float = 45.0) -> T:
    """Return the first true result of ``check``; fail when there is none in time."""
    deadline = time.monotonic() + seconds
    while not (result := check()):
        assert time.monotonic() < deadline, f"still {result!r} after {seconds} s"
        time.sleep(0.02)
    return result
