"""What is kept of events in Redis, and how it is forgotten.

A list page lives one second, under a generation that every change of an event raises: a change shows at once,
seats after a second at most. The lasting part of one event lives under its version, so that an old one is never
found; its counters are read from MongoDB every time.
"""

import hashlib
from contextlib import suppress
from typing import Any

from django.core.cache import cache

LIST_SECONDS = 1
DETAIL_SECONDS = 30
GENERATION = "events:generation"


def list_key(query: str) -> str | None:
    """Return where the page for this query string lives; None when Redis is away."""
    generation = cache.get(GENERATION)
    if generation is None:
        cache.add(GENERATION, 1, timeout=None)
        generation = cache.get(GENERATION)
    digest = hashlib.sha256(query.encode()).hexdigest()
    return None if generation is None else f"events:list:{generation}:{digest}"


def forget_lists() -> None:
    """Make every cached page unfindable. Called after the write, so no old page can come back."""
    with suppress(ValueError):  # nothing cached yet, or Redis is away: pages end by themselves within a second
        cache.incr(GENERATION)


def detail_key(event_id: str, version: int, audience: str) -> str:
    return f"events:detail:{event_id}:{version}:{audience}"


def read(key: str | None) -> Any:
    return cache.get(key) if key else None


def write(key: str | None, value: Any, *, seconds: int) -> None:
    if key:
        cache.set(key, value, timeout=seconds)
