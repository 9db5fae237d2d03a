"""Access and refresh tokens: given out, rotated, revoked.

An access token lives 15 minutes and carries id, name and role, so that no request needs a user lookup.
A refresh token works once. Using one a second time means that it was copied: its whole family ends.
Both carry as ``rev`` the user's last revocation that they know of (accounts/revocations.py).
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rest_framework_simplejwt import tokens
from rest_framework_simplejwt.exceptions import TokenError

from accounts.actors import Actor
from accounts.models import RefreshToken, User
from accounts.revocations import stamp_of
from config.core.clock import to_milliseconds
from config.core.errors import Unauthorized
from config.mongo.collections import running_session


class BadToken(Unauthorized):
    code = "bad_token"
    detail = "This refresh token is not valid (any more): sign in again."


@dataclass(frozen=True, slots=True)
class TokenPair:
    token: str
    refresh: str


def issue_tokens(*, user: User, now: datetime, family: str | None = None) -> TokenPair:
    """Return a fresh pair and record its refresh token; without ``family`` this is a new sign-in.

    ``user`` as read before the credentials were checked: a revocation since then ends the pair.
    """
    refresh = tokens.RefreshToken()
    family = family or secrets.token_hex(16)
    refresh["user_id"], refresh["rev"] = user.id, stamp_of(user.tokens_revoked_at)
    RefreshToken.objects.create(
        jti=refresh["jti"], user_id=user.id, family=family, expires_at=to_milliseconds(now + refresh.lifetime)
    )
    return TokenPair(token=issue_access_token(user.as_actor(), revocation=refresh["rev"]), refresh=str(refresh))


def issue_access_token(caller: Actor, *, revocation: int = 0) -> str:
    """Return a signed JWT with ``user_id``, ``name``, ``role`` and ``rev``."""
    access = tokens.AccessToken()
    access["rev"] = revocation
    access["user_id"], access["name"], access["role"] = caller.id, caller.name, caller.role
    return str(access)


def rotate(*, refresh: str, now: datetime) -> TokenPair:
    """Spend a refresh token and return the next pair.

    The successor is recorded before the old one is spent, so that a reuse seen at the same moment
    revokes the successor too.

    Raises:
        BadToken: forged, expired, spent, revoked, or of a blocked user. A spent one ends its family.
    """
    claims = read_refresh(refresh)
    record = find(claims)
    user = User.objects.filter(pk=record.user_id).first()
    if user is None or not is_good(user, claims) or not record.is_usable(now):
        revoke_family(record.family, now=now)
        raise BadToken
    pair = issue_tokens(user=user, now=now, family=record.family)
    spent = RefreshToken.objects.filter(pk=record.pk, spent_at=None, revoked_at=None).update(spent_at=now)
    if not spent:
        revoke_family(record.family, now=now)
        raise BadToken
    return pair


def read_refresh(refresh: str) -> dict[str, Any]:
    try:
        return dict(tokens.RefreshToken(refresh).payload)  # type: ignore[arg-type]  # the stub wants a Token, the code a string
    except TokenError:
        raise BadToken from None


def is_good(user: User, claims: dict[str, Any]) -> bool:
    """Tell whether a user may go on with a token: also one recorded after a revocation, by a sign-in from before it."""
    return user.is_active and claims["rev"] >= stamp_of(user.tokens_revoked_at)


def find(claims: dict[str, Any]) -> RefreshToken:
    record = RefreshToken.objects.filter(pk=claims["jti"]).first()
    if record is None:
        raise BadToken
    return record


def sign_out(*, refresh: str, now: datetime) -> None:
    """End the sign-in that this refresh token belongs to; a second time changes nothing.

    Raises:
        BadToken: not one of ours.
    """
    revoke_family(find(read_refresh(refresh)).family, now=now)


def revoke_family(family: str, *, now: datetime) -> None:
    RefreshToken.objects.filter(family=family, revoked_at=None).update(revoked_at=now)


def revoke_all(*, user_id: str, now: datetime) -> None:
    """End every sign-in of a user: their refresh tokens at once, their access tokens within 5 seconds.

    Each revocation is later than the one before, also in the same millisecond or by a clock that lags behind.
    """
    RefreshToken.objects.filter(user_id=user_id, revoked_at=None).update(revoked_at=now)
    latest = {"$max": [now, {"$add": ["$tokens_revoked_at", 1]}]}  # $add gives null for never, which $max passes over
    change = [{"$set": {"tokens_revoked_at": latest}}]
    User.documents.update_one({"_id": user_id}, change, session=running_session())
