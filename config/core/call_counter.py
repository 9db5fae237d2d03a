"""Calls counted in Redis, a counter for each period: what every rate limit is made of."""

import time

from django.core.cache import cache


def count_call(key: str, period: int) -> int:
    """Count one call in the current period and return the count; 0 while Redis cannot be reached."""
    key = f"{key}:{int(time.time() // period)}"
    if cache.add(key, 1, timeout=period):
        return 1
    try:
        return int(cache.incr(key) or 0)
    except ValueError:  # the period ended in between, or Redis cannot be reached
        return 0
