"""What processes change in Python and Django to start and to answer sooner, and what each change saves."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.abc import MetaPathFinder

from django.core.exceptions import ImproperlyConfigured
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, reset_queries

SWITCH_SECONDS = 0.001
COLLECT_AFTER = 10_000  # new objects (Python 3.11: 700)


class NoGeography(MetaPathFinder):
    def find_spec(self, name: str, path: object, target: object = None) -> None:
        if name == "django.contrib.gis.gdal":
            raise ImproperlyConfigured("Geography is switched off: see config/core/process_tuning.py.")


@contextmanager
def without_geography() -> Iterator[None]:
    """Let what is imported meanwhile find no GDAL, as if it were not installed: a start takes 0.73 s of CPU, not 1.03.

    The database backend tries GeoDjango on import. Where GDAL is not installed, Django looks for it under twelve names,
    by running ldconfig, gcc and ld, and does so three times.
    """
    sys.meta_path.insert(0, finder := NoGeography())
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


def pause_collection() -> None:
    """Collect no garbage until the apps are loaded: a start takes 0.73 s of CPU, not 0.82, and there is none yet."""
    gc.disable()


def resume_collection() -> None:
    gc.enable()


def disconnect_connection_signals() -> None:
    """Drop what Django does around each request for a connection that the request owns: 6 % of a booking's time.

    MongoDB's client is a pool that all threads share and that mends itself.
    """
    request_started.disconnect(reset_queries)
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)


def switch_threads_soon() -> None:
    """Let the event loop have its turn after 1 ms of another thread's work, where Python has it wait for 5.

    Beside one busy thread, a message through a socket and a timer take 1.2 ms instead of 5.3 at p50, 9 instead of 23 at
    p99. For processes with an event loop: where threads do the work, switching more often only costs.
    """
    sys.setswitchinterval(SWITCH_SECONDS)


def collect_seldom() -> None:
    """Keep what was loaded out of collections, and make these rare: each stopped all sockets for 20 to 50 ms.

    Sockets in use leave next to nothing to collect.
    """
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)
