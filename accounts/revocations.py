"""Whose access tokens no longer count: a small picture of the database that each process keeps.

Only revocations younger than an access token's life matter, so the picture holds a handful of users. It is read
again every 2 seconds by one of the requests that come in; the others go on with the last one meanwhile.
Older than 5 seconds it is not trusted: the request reads it first, and fails when it can't (closed, not open).

A token carries the user's last revocation that was known when their credentials were checked; any later one ends it.
No clock decides: a sign-in that was under way with the old password ends, one that follows a moment later counts.
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
    """Return a moment of revocation as tokens carry it: Unix milliseconds, 0 for never."""
    return round(moment.timestamp() * 1000) if moment else 0


class Revocations:
    """User id -> (blocked, stamp of the last revocation)."""

    def __init__(self) -> None:
        self._users: dict[str, tuple[bool, int]] = {}
        self._read_at = float("-inf")
        self._reading = threading.Lock()

    def covers(self, *, user_id: str, seen: int) -> bool:
        """Tell whether a token that knows of the revocation with the stamp ``seen`` was revoked since."""
        self._refresh_if_due()
        blocked, last = self._users.get(user_id, (False, 0))
        return blocked or seen < last

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
