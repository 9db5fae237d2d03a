"""Signing in to a socket: with the same access token as for the API."""

import time

from accounts.access_tokens import Claims, TokenRefused, recheck, verify
from realtime.notifications.inbox import MAX_SEQ

MAX_TOKEN_LENGTH = 4096


def read_auth(auth: object) -> tuple[Claims, int | None]:
    """Return the claims of the token in ``{token, lastSeq?}``, and the last ``seq`` that the client has.

    Raises:
        TokenRefused: no token, or an invalid one.  ValueError: ``lastSeq`` is not a whole number from 0 on.
    """
    members = auth if isinstance(auth, dict) else {}
    token = members.get("token")
    if not isinstance(token, str) or len(token) > MAX_TOKEN_LENGTH:
        raise TokenRefused("no token")
    claims = verify(token)
    recheck(claims, moment=time.time())
    return claims, read_seq(members.get("lastSeq"))


def read_seq(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_SEQ:
        raise ValueError("lastSeq")
    return value
