"""Telling the worker that entries wait, without making the request wait for Redis.

A thread of its own sends the tasks, and only where none is under way already: a mark in Redis, cleared when the
drain starts, merges the calls of all processes. Redis being away costs nothing here: the periodic sweep finds
what was not announced.
"""

from collections.abc import Iterable

import kombu.exceptions
import structlog
from django.core.cache import cache

from config.background import Gatherer

MERGE_SECONDS = 0.03
MARK_SECONDS = 2

log = structlog.get_logger(__name__)


def wake(names: Iterable[str]) -> None:
    """Let the worker look for entries that wait for these handlers. Returns at once and never raises."""
    waker.add(names)


def announce(names: Iterable[str]) -> None:
    from journal.tasks import drain  # noqa: PLC0415 - tasks import the drain, which imports the services

    try:
        for name in set(names):
            if cache.add(mark(name), 1, timeout=MARK_SECONDS):
                drain.apply_async((name,), expires=60)
    except (kombu.exceptions.KombuError, OSError) as error:
        log.warning("journal_wake_failed", error=str(error)[:200], hint="the periodic sweep delivers instead")


def mark(name: str) -> str:
    """Return the key that says a drain for this handler is on its way; it expires should the drain get lost."""
    return f"journal:announced:{name}"


waker: Gatherer[str] = Gatherer(announce, name="journal-waker", pause=MERGE_SECONDS)
