"""Who may connect: the same token as for the API."""

from typing import Any

from accounts.authentication import TokenRefused, read_token
from accounts.callers import Caller

LONGEST_TOKEN = 4096


def caller_of(auth: Any) -> Caller:
    """Return who connects with ``auth: {token}``.

    Raises:
        TokenRefused: no token, or one that does not count.
    """
    token = auth.get("token") if isinstance(auth, dict) else None
    if not isinstance(token, str) or len(token) > LONGEST_TOKEN:
        raise TokenRefused("no token")
    return read_token(token)
