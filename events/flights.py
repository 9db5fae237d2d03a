"""One computation for all threads that ask for the same thing at the same moment."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any


class Flights:
    """Threads of this process that find the same page missing wait for the first of them to make it.

    Without this every thread makes the same page again each time a busy one expires. A result is not kept: who
    asks after it is there starts anew, so nobody gets an answer older than the flight they joined.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: dict[str, Future[Any]] = {}

    def join(self, key: str, make: Callable[[], Any]) -> Any:
        """Return what ``make`` returns, or raise what it raises, made by this thread or by the one before it."""
        with self._lock:
            running = self._running.get(key)
            mine = running is None
            flight = self._running[key] = running or Future()
        return self._fly(key, flight, make) if mine else flight.result()

    def _fly(self, key: str, flight: Future[Any], make: Callable[[], Any]) -> Any:
        try:
            flight.set_result(make())
        except BaseException as error:  # noqa: BLE001 - all who wait are told; result() raises it here too
            flight.set_exception(error)
        finally:
            with self._lock:
                del self._running[key]
        return flight.result()
