"""Threads that need the same result at the same moment share one computation."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

Result = TypeVar("Result")


class SingleFlight(Generic[Result]):
    """The first thread computes; threads of this process that ask for the same key meanwhile wait for its result.

    Without this, every thread would make the same page again whenever a busy page expires. Results are not stored:
    a call after the end of a computation starts a new one.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: dict[str, Future[Result]] = {}

    def run(self, key: str, make: Callable[[], Result]) -> Result:
        """Return or raise what ``make`` does, run by this thread or by the one that is running it already."""
        with self._lock:
            running = self._running.get(key)
            future = self._running[key] = running or Future()
        return future.result() if running else self._complete(key, future, make)

    def _complete(self, key: str, future: Future[Result], make: Callable[[], Result]) -> Result:
        try:
            future.set_result(make())
        except BaseException as error:  # noqa: BLE001 - every waiting thread gets it; result() raises it here too
            future.set_exception(error)
        finally:
            with self._lock:
                del self._running[key]
        return future.result()
