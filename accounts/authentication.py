"""``Authorization: Bearer <token>`` and the same token for sockets."""

import time
from functools import lru_cache
from typing import NamedTuple, cast

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken

from accounts.actors import CUSTOMER, ORGANIZER, STAFF, Actor, AnonymousActor
from accounts.revocations import revocations

ROLES = {ORGANIZER, CUSTOMER, STAFF}


class TokenRefused(Exception):
    """Forged, expired, not an access token, or revoked."""


class Claims(NamedTuple):
    """What a token with a good signature says: who, the revocation that it knows of, when it expires in Unix time."""

    caller: Actor
    revocation: int
    expires_at: int


def read_token(token: str) -> Actor:
    """Return who an access token speaks for.

    Raises:
        TokenRefused: it does not count.
    """
    return recheck(verify(token), moment=time.time())


def recheck(claims: Claims, *, moment: float) -> Actor:
    """The same at a Unix time: for connections that outlive the moment in which they were let in.

    They keep the claims: to check thousands of signatures each second would leave no time for anything else.
    """
    if moment >= claims.expires_at:
        raise TokenRefused("token_expired")
    if revocations.covers(user_id=claims.caller.id, seen=claims.revocation):
        raise TokenRefused("signed_out")
    return claims.caller


@lru_cache(maxsize=4096)
def verify(token: str) -> Claims:
    """Check the signature and return what the token says.

    Kept, because a client sends the same token again and again and a signature that holds goes on holding;
    what can change, time and revocation, is read_token's to ask.
    """
    try:
        claims = AccessToken(token).payload  # type: ignore[arg-type]  # the stub wants a Token, the code a string
        caller = Actor(id=str(claims["user_id"]), name=str(claims["name"]), role=str(claims["role"]))
        revocation, expires_at = int(claims["rev"]), int(claims["exp"])
    except (TokenError, KeyError, TypeError, ValueError) as error:
        raise TokenRefused(str(error)) from None
    if caller.role not in ROLES:
        raise TokenRefused("no such role")
    return Claims(caller, revocation, expires_at)


class BearerAuthentication(BaseAuthentication):
    """No header: anonymous. A header that does not hold: 401, also where signing in is optional."""

    def authenticate(self, request: Request) -> tuple[Actor, str] | None:
        header = get_authorization_header(request).split()
        if not header:
            return None
        if len(header) != 2 or header[0].lower() != b"bearer":
            raise AuthenticationFailed("Send the header as: Authorization: Bearer <token>.")
        try:
            token = header[1].decode("ascii")
            caller = read_token(token)
        except (UnicodeDecodeError, TokenRefused):
            raise AuthenticationFailed("The token is not valid (any more): refresh it or sign in again.") from None
        request._request.actor_id = caller.id  # type: ignore[attr-defined]  # for the access log
        return caller, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


def actor_of_request(request: Request) -> Actor | AnonymousActor:
    """Return who calls, where anyone may."""
    return cast("Actor | AnonymousActor", request.user)


def signed_in(request: Request) -> Actor:
    """Return who calls, behind a permission that lets nobody in without a token."""
    return cast("Actor", request.user)
