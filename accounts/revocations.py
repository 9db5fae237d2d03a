"""Whose access tokens are revoked: a small copy of the database in each process.

Only revocations younger than an access token's lifetime matter, so the copy holds few users. Every 2 seconds one of the
incoming requests reads it again, while the others use the last one. A copy older than 5 seconds is not used: requests
then wait until it is read, and fail if MongoDB cannot be read (closed, not open).

A token carries the last revocation of its user that was known when the credentials were checked; any later one ends it.
No clocks are compared: a sign-in that began with the old password ends, and one that follows a moment later stays.
"""

import threading
import time
from datetime import datetime, timedelta

from rest_framework_simplejwt.settings import api_settings

from accounts.models import User
from config.core.clock import now

FRESH_SECONDS = 2.0
TRUSTED_SECONDS = 5.0


def stamp_of(moment: datetime | None) -> int:
    """Return the moment of a revocation as tokens carry it: Unix milliseconds, 0 for never."""
    return round(moment.timestamp() * 1000) if moment else 0


class Revocations:
    """User id -> (blocked, stamp of the last revocation)."""

    def __init__(self) -> None:
        self._users: dict[str, tuple[bool, int]] = {}
        self._read_at = float("-inf")
        self._reading = threading.Lock()

    def is_revoked(self, *, user_id: str, known: int) -> bool:
        """Tell whether a token is revoked; ``known`` is the stamp of the last revocation that it carries."""
        self._refresh_if_due()
        blocked, last = self._users.get(user_id, (False, 0))
        return blocked or known < last

    def forget(self) -> None:
        """Read again at the next call."""
        self._read_at = float("-inf")

    def _refresh_if_due(self) -> None:
        age = time.monotonic() - self._read_at
        if age < FRESH_SECONDS:
            return
        if self._reading.acquire(blocking=age >= TRUSTED_SECONDS):
            try:
                if time.monotonic() - self._read_at >= FRESH_SECONDS:
                    self._read()
            finally:
                self._reading.release()

    def _read(self) -> None:
        started = time.monotonic()
        since: datetime = now() - api_settings.ACCESS_TOKEN_LIFETIME - timedelta(minutes=1)
        rows = User.objects.filter(tokens_revoked_at__gte=since).values_list("pk", "is_active", "tokens_revoked_at")
        self._users = {pk: (not active, stamp_of(moment)) for pk, active, moment in rows}
        self._read_at = started


revocations = Revocations()
