"""How much one user, address or connection may ask of the sockets."""

import time
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from config.api.throttling import count_call

CONNECTS_OF_ADDRESS, CONNECTS_OF_USER = 600, 120  # a minute
OPEN_OF_USER = 50
SIGN_IN_SECONDS = 10.0  # a connection that nobody signs in over is closed then
WATCHED = 100  # events by one connection
MESSAGES, MESSAGE_SECONDS = 60, 10.0
LONGEST_MESSAGE = 16 * 1024  # bytes


def address_of(scope: Mapping[str, Any]) -> str:
    """Return the caller's address, behind NUM_PROXIES proxies the one that the outermost of ours saw."""
    forwarded = dict(scope.get("headers", ())).get(b"x-forwarded-for", b"").decode("latin-1")
    client = (scope.get("client") or ("",))[0]
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
    return hops[-min(settings.NUM_PROXIES, len(hops))] if settings.NUM_PROXIES and hops else str(client)


def may_connect(*, address: str) -> bool:
    """Count a connect of an address; False when there were too many this minute."""
    return not settings.RATE_LIMITS or count_call(f"limit:socket:{address}", 60) <= CONNECTS_OF_ADDRESS


def may_sign_in(*, user_id: str, open_connections: int) -> bool:
    """Count a sign-in of a user; False when there were too many this minute, or too many are open."""
    if not settings.RATE_LIMITS:
        return True
    return open_connections < OPEN_OF_USER and count_call(f"limit:socket:{user_id}", 60) <= CONNECTS_OF_USER


class Allowance:
    """What a connection may say: so many messages in so many seconds."""

    def __init__(self) -> None:
        self._began, self._count = time.monotonic(), 0

    def take(self) -> bool:
        """Count a message; False when it is one too many."""
        if time.monotonic() - self._began > MESSAGE_SECONDS:
            self._began, self._count = time.monotonic(), 0
        self._count += 1
        return not settings.RATE_LIMITS or self._count <= MESSAGES
