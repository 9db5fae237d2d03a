"""What is kept of events in Redis, and how it is forgotten.

A list page lives one second, under a generation that every change of an event replaces: a change shows at once,
seats after a second at most. The lasting part of one event lives under its version, so that an old one is never
found (an organizer's new name shows when it expires); its counters are read from MongoDB every time.
"""

import hashlib
import secrets
from typing import Any

from django.core.cache import cache

LIST_SECONDS = 1
DETAIL_SECONDS = 30
GENERATION = "events:generation"


def list_key(query: str) -> str | None:
    """Return where the page for this query string lives; None when Redis is away.

    To be asked for before the page is read from MongoDB: a page read before a change then lands under a
    generation that nobody asks for any more.
    """
    generation = cache.get(GENERATION) or begin_generation()
    digest = hashlib.sha256(query.encode()).hexdigest()
    return f"events:list:{generation}:{digest}" if generation else None


def begin_generation() -> str | None:
    """Name a generation where there is none; None if another process was first or Redis is away."""
    generation = secrets.token_hex(8)
    return generation if cache.add(GENERATION, generation, timeout=None) else None


def forget_lists() -> None:
    """Make every cached page unfindable. Called after the write; with Redis away pages end within a second."""
    cache.set(GENERATION, secrets.token_hex(8), timeout=None)


def detail_key(event_id: str, version: int, audience: str) -> str:
    return f"events:detail:{event_id}:{version}:{audience}"


def read(key: str | None) -> Any:
    return cache.get(key) if key else None


def write(key: str | None, value: Any, *, seconds: float) -> None:
    if key and seconds > 0:
        cache.set(key, value, timeout=seconds)
