"""The keys and lifetimes of cached events.

A list page lives one second, under a generation that every change of an event replaces: a change shows at once,
seats after a second at most. The detail of an event lives under its version, so that an old version is never read
(an organizer's new name shows when the detail expires); its counters are read from MongoDB every time.
"""

import hashlib
import secrets
from typing import TypedDict

from django.core.cache import cache

LIST_SECONDS = 1
DETAIL_SECONDS = 30
GENERATION = "events:generation"


class CachedPage(TypedDict):
    page: str
    etag: str


def list_key(query: str) -> str | None:
    """Return the key of the page for this query string; None without Redis.

    Call this before reading the page from MongoDB: a page that was read before a change is then written under a
    generation that nobody reads any more.
    """
    generation = cache.get(GENERATION) or begin_generation()
    digest = hashlib.sha256(query.encode()).hexdigest()
    return f"events:list:{generation}:{digest}" if generation else None


def begin_generation() -> str | None:
    """Return a new generation; None if another process began one at the same moment, or without Redis."""
    generation = secrets.token_hex(8)
    return generation if cache.add(GENERATION, generation, timeout=None) else None


def forget_lists() -> None:
    """Begin a new generation of pages, after a change is written; without Redis, old pages expire within a second."""
    cache.set(GENERATION, secrets.token_hex(8), timeout=None)


def detail_key(event_id: str, version: int, audience: str) -> str:
    return f"events:detail:{event_id}:{version}:{audience}"


def read_detail(key: str) -> dict[str, object] | None:
    found: dict[str, object] | None = cache.get(key)
    return found


def write_detail(key: str, detail: dict[str, object]) -> None:
    cache.set(key, detail, timeout=DETAIL_SECONDS)


def read_page(key: str | None) -> CachedPage | None:
    found: CachedPage | None = cache.get(key) if key else None
    return found


def write_page(key: str | None, page: CachedPage, *, age: float) -> None:
    """Cache a page whose data is already ``age`` seconds old."""
    if key and age < LIST_SECONDS:
        cache.set(key, page, timeout=LIST_SECONDS - age)
