"""Who may connect: the same token as for the API."""

import time
from typing import Any

from accounts.authentication import Claims, TokenRefused, recheck, verify
from realtime.notifications.inbox import LARGEST_SEQ

LONGEST_TOKEN = 4096


def read_auth(auth: Any) -> tuple[Claims, int | None]:
    """Return what the token of ``{token, lastSeq?}`` says, and the last ``seq`` that its sender has.

    Raises:
        TokenRefused: no token, or one that does not count.  ValueError: ``lastSeq`` is no whole number from 0 on.
    """
    token = auth.get("token") if isinstance(auth, dict) else None
    if not isinstance(token, str) or len(token) > LONGEST_TOKEN:
        raise TokenRefused("no token")
    claims = verify(token)
    recheck(claims, moment=time.time())
    return claims, read_seq(auth.get("lastSeq"))


def read_seq(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_SEQ:
        raise ValueError("lastSeq")
    return value
