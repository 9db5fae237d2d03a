"""Who may connect: the same token as for the API."""

from typing import Any

from accounts.authentication import TokenRefused, read_token
from accounts.callers import Caller
from realtime.inbox import LARGEST_SEQ

LONGEST_TOKEN = 4096


def read_auth(auth: Any) -> tuple[Caller, str, int | None]:
    """Return who connects with ``{token, lastSeq?}``, the token, and the last ``seq`` that they have.

    Raises:
        TokenRefused: no token, or one that does not count.  ValueError: ``lastSeq`` is no whole number from 0 on.
    """
    token = auth.get("token") if isinstance(auth, dict) else None
    if not isinstance(token, str) or len(token) > LONGEST_TOKEN:
        raise TokenRefused("no token")
    caller = read_token(token)
    return caller, token, read_seq(auth.get("lastSeq"))


def read_seq(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_SEQ:
        raise ValueError("lastSeq")
    return value
