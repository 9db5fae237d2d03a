"""Ids of journal entries."""

import secrets
from datetime import datetime


def new_entry_id(at: datetime) -> str:
    """Return an id that sorts by time: milliseconds since 1970 in hexadecimal, then 40 random bits."""
    return f"{int(at.timestamp() * 1000):012x}-{secrets.token_hex(5)}"
