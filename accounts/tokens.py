"""Access and refresh tokens: given out, rotated, revoked.

An access token lives 15 minutes and carries id, name and role, so that no request needs a user lookup.
A refresh token works once. Using one a second time means that it was copied: its whole family ends.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from rest_framework_simplejwt import tokens
from rest_framework_simplejwt.exceptions import TokenError

from accounts.callers import Caller
from accounts.models import RefreshToken, User
from config.clock import to_milliseconds
from config.errors import Unauthorized


class BadToken(Unauthorized):
    code = "bad_token"
    detail = "This refresh token is not valid (any more): sign in again."


@dataclass(frozen=True, slots=True)
class TokenPair:
    token: str
    refresh: str


def issue_tokens(*, user: User, now: datetime, family: str | None = None) -> TokenPair:
    """Return a fresh pair and record its refresh token; without ``family`` this is a new sign-in."""
    refresh = tokens.RefreshToken()
    family = family or secrets.token_hex(16)
    refresh["user_id"] = user.id
    RefreshToken.objects.create(
        jti=refresh["jti"], user_id=user.id, family=family, expires_at=to_milliseconds(now + refresh.lifetime)
    )
    return TokenPair(token=issue_access_token(user.as_caller()), refresh=str(refresh))


def issue_access_token(caller: Caller) -> str:
    """Return a signed JWT with ``user_id``, ``name`` and ``role``."""
    access = tokens.AccessToken()
    access["user_id"], access["name"], access["role"] = caller.id, caller.name, caller.role
    return str(access)


def rotate(*, refresh: str, now: datetime) -> TokenPair:
    """Spend a refresh token and return the next pair.

    The successor is recorded before the old one is spent, so that a reuse seen at the same moment
    revokes the successor too.

    Raises:
        BadToken: forged, expired, spent, revoked, or of a blocked user. A spent one ends its family.
    """
    record = find(refresh)
    user = User.objects.filter(pk=record.user_id).first()
    if user is None or not user.is_active or not record.is_usable(now):
        revoke_family(record.family, now=now)
        raise BadToken
    pair = issue_tokens(user=user, now=now, family=record.family)
    spent = RefreshToken.objects.filter(pk=record.pk, spent_at=None, revoked_at=None).update(spent_at=now)
    if not spent:
        revoke_family(record.family, now=now)
        raise BadToken
    return pair


def find(refresh: str) -> RefreshToken:
    try:
        jti = tokens.RefreshToken(refresh)["jti"]  # type: ignore[arg-type]  # the stub wants a Token, the code a string
    except TokenError:
        raise BadToken from None
    record = RefreshToken.objects.filter(pk=jti).first()
    if record is None:
        raise BadToken
    return record


def sign_out(*, refresh: str, now: datetime) -> None:
    """End the sign-in that this refresh token belongs to; a second time changes nothing.

    Raises:
        BadToken: not one of ours.
    """
    revoke_family(find(refresh).family, now=now)


def revoke_family(family: str, *, now: datetime) -> None:
    RefreshToken.objects.filter(family=family, revoked_at=None).update(revoked_at=now)


def revoke_all(*, user_id: str, now: datetime) -> None:
    """End every sign-in of a user: their refresh tokens at once, their access tokens within 5 seconds."""
    RefreshToken.objects.filter(user_id=user_id, revoked_at=None).update(revoked_at=now)
    User.objects.filter(pk=user_id).update(tokens_revoked_at=now)
