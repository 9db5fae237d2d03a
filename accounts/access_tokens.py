"""Access tokens: issued, and verified for the REST API and for sockets."""

import time
from functools import lru_cache
from typing import NamedTuple

from rest_framework_simplejwt import tokens
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken

from accounts.actors import CUSTOMER, ORGANIZER, STAFF, Actor
from accounts.revocations import revocations

ROLES = {ORGANIZER, CUSTOMER, STAFF}


class TokenRefused(Exception):
    """The token is forged, expired, revoked, or no access token."""


class Claims(NamedTuple):
    """What a token with a valid signature says.

    ``revocation`` is the last one of the user when the token was issued (accounts/revocations.py); ``expires_at`` is in
    Unix seconds.
    """

    actor: Actor
    revocation: int
    expires_at: int


def read_token(token: str) -> Actor:
    """Return the user of an access token.

    Raises:
        TokenRefused: the token is not valid, or no longer.
    """
    return recheck(verify(token), moment=time.time())


def recheck(claims: Claims, *, moment: float) -> Actor:
    """Return the user of a verified token if the token is still valid at a moment, given in Unix seconds.

    Sockets stay open for longer than their tokens are valid, so they keep the claims and check these again and again:
    verifying thousands of signatures each second would take all of the CPU.
    """
    if moment >= claims.expires_at:
        raise TokenRefused("token_expired")
    if revocations.is_revoked(user_id=claims.actor.id, known=claims.revocation):
        raise TokenRefused("signed_out")
    return claims.actor


@lru_cache(maxsize=4096)
def verify(token: str) -> Claims:
    """Check the signature and return what the token says.

    Cached, since a client sends the same token many times and its signature stays valid. Expiry and revocation do
    change: ``recheck`` looks at them.
    """
    try:
        claims = AccessToken(token).payload  # type: ignore[arg-type]  # the stub wants a Token, the code a string
        actor = Actor(id=str(claims["user_id"]), name=str(claims["name"]), role=str(claims["role"]))
        revocation, expires_at = int(claims["rev"]), int(claims["exp"])
    except (TokenError, KeyError, TypeError, ValueError) as error:
        raise TokenRefused(str(error)) from None
    if actor.role not in ROLES:
        raise TokenRefused("no such role")
    return Claims(actor, revocation, expires_at)


def issue_access_token(actor: Actor, *, revocation: int = 0) -> str:
    """Return a signed JWT with ``user_id``, ``name``, ``role`` and ``rev``."""
    access = tokens.AccessToken()
    access["rev"] = revocation
    access["user_id"], access["name"], access["role"] = actor.id, actor.name, actor.role
    return str(access)
