"""One computation for all threads that ask for the same thing at the same moment."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

Result = TypeVar("Result")


class SingleFlight(Generic[Result]):
    """Threads of this process that find the same page missing wait for the first of them to make it.

    Without this every thread makes the same page again each time a busy one expires. No result is kept: a thread that
    asks once it is there has it made anew.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: dict[str, Future[Result]] = {}

    def run(self, key: str, make: Callable[[], Result]) -> Result:
        """Return what ``make`` returns, or raise what it raises, called by this thread or by the one before it."""
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
