"""How often a user, an address or a connection may use the sockets."""

import time
from collections.abc import Iterable
from typing import TypedDict

from django.conf import settings

from config.core.call_counter import count_call

CONNECTS_PER_ADDRESS, CONNECTS_PER_USER = 600, 120  # a minute
OPEN_PER_USER = 50
SIGN_IN_SECONDS = 10.0  # a connection without a sign-in is closed after that
WATCHED_PER_CONNECTION = 100  # events
MESSAGES_PER_WINDOW, WINDOW_SECONDS = 60, 10.0
MAX_MESSAGE_BYTES = 16 * 1024


class Scope(TypedDict, total=False):
    """The part of an ASGI scope that tells the client's address."""

    headers: Iterable[tuple[bytes, bytes]]
    client: tuple[str, int] | None


def address_of(scope: Scope) -> str:
    """Return the client's address. Behind NUM_PROXIES proxies it is the one that the outermost of them saw."""
    forwarded = dict(scope.get("headers", ())).get(b"x-forwarded-for", b"").decode("latin-1")
    client, _ = scope.get("client") or ("", 0)
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
    return hops[-min(settings.NUM_PROXIES, len(hops))] if settings.NUM_PROXIES and hops else client


def allow_connect(*, address: str) -> bool:
    """Count a connect of an address; return False when there were too many in this minute."""
    return not settings.RATE_LIMITS or count_call(f"limit:socket:{address}", 60) <= CONNECTS_PER_ADDRESS


def allow_sign_in(*, user_id: str, open_connections: int) -> bool:
    """Count a sign-in of a user; return False when there were too many in this minute, or too many are open."""
    if not settings.RATE_LIMITS:
        return True
    return open_connections < OPEN_PER_USER and count_call(f"limit:socket:{user_id}", 60) <= CONNECTS_PER_USER


class MessageRate:
    """The messages of one connection, counted in windows of a few seconds."""

    def __init__(self) -> None:
        self._began, self._count = time.monotonic(), 0

    def allow(self) -> bool:
        """Count a message; return False when there were too many in this window."""
        if time.monotonic() - self._began > WINDOW_SECONDS:
            self._began, self._count = time.monotonic(), 0
        self._count += 1
        return not settings.RATE_LIMITS or self._count <= MESSAGES_PER_WINDOW
