"""Pairs of tokens: issued at a sign-in; the refresh token is rotated and revoked. See also accounts/access_tokens.py.

An access token lives 15 minutes and carries id, name and role, so that no request needs a user lookup.
A refresh token works once. A second use means that it was copied: its whole family ends, that is one sign-in.
Both carry as ``rev`` the last revocation of the user when they were issued (accounts/revocations.py).
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict, cast

from django_mongodb_backend.transaction import on_commit
from rest_framework_simplejwt import tokens
from rest_framework_simplejwt.exceptions import TokenError

from accounts.access_tokens import issue_access_token
from accounts.models import RefreshToken, User
from accounts.revocations import revocations, stamp_of
from config.core.clock import to_milliseconds
from config.core.errors import Unauthorized
from config.mongo.collections import running_session


class BadToken(Unauthorized):
    code = "bad_token"
    detail = "The refresh token is invalid, expired, used or revoked: sign in again."


@dataclass(frozen=True, slots=True)
class TokenPair:
    token: str
    refresh: str


class RefreshClaims(TypedDict):
    """What a refresh token carries, as far as it is read here."""

    jti: str
    rev: int


def issue_tokens(*, user: User, now: datetime, family: str | None = None) -> TokenPair:
    """Return a new pair and store its refresh token; without ``family`` this is a new sign-in.

    ``user`` must have been read before the credentials were checked: a revocation since then ends the pair.
    """
    refresh = tokens.RefreshToken()
    family = family or secrets.token_hex(16)
    refresh["user_id"], refresh["rev"] = user.id, stamp_of(user.tokens_revoked_at)
    RefreshToken.objects.create(
        jti=refresh["jti"], user_id=user.id, family=family, expires_at=to_milliseconds(now + refresh.lifetime)
    )
    return TokenPair(token=issue_access_token(user.as_actor(), revocation=refresh["rev"]), refresh=str(refresh))


def rotate(*, refresh: str, now: datetime) -> TokenPair:
    """Spend a refresh token and return the next pair.

    The successor is stored before the old token is spent, so that a reuse at the same moment revokes the successor too.

    Raises:
        BadToken: forged, expired, spent, revoked, or of a blocked user. A spent one ends its family.
    """
    claims = read_refresh(refresh)
    stored = find_stored(claims)
    user = User.objects.filter(pk=stored.user_id).first()
    if user is None or not may_continue(user, claims) or not stored.is_usable(now):
        revoke_family(stored.family, now=now)
        raise BadToken
    pair = issue_tokens(user=user, now=now, family=stored.family)
    spent = RefreshToken.objects.filter(pk=stored.pk, spent_at=None, revoked_at=None).update(spent_at=now)
    if not spent:
        revoke_family(stored.family, now=now)
        raise BadToken
    return pair


def read_refresh(refresh: str) -> RefreshClaims:
    try:
        return cast("RefreshClaims", tokens.RefreshToken(refresh).payload)  # type: ignore[arg-type]  # the stub wants a Token, the code a string
    except TokenError:
        raise BadToken from None


def find_stored(claims: RefreshClaims) -> RefreshToken:
    stored = RefreshToken.objects.filter(pk=claims["jti"]).first()
    if stored is None:
        raise BadToken
    return stored


def may_continue(user: User, claims: RefreshClaims) -> bool:
    """Tell whether the user is active and was not revoked since the token's credentials were checked.

    The stored token alone does not tell: a sign-in under way stores it after the revocation.
    """
    return user.is_active and claims["rev"] >= stamp_of(user.tokens_revoked_at)


def sign_out(*, refresh: str, now: datetime) -> None:
    """End the sign-in that a refresh token belongs to; a second time changes nothing.

    Raises:
        BadToken: the token was not issued here.
    """
    revoke_family(find_stored(read_refresh(refresh)).family, now=now)


def revoke_family(family: str, *, now: datetime) -> None:
    RefreshToken.objects.filter(family=family, revoked_at=None).update(revoked_at=now)


def end_sign_ins(*, user_id: str, now: datetime) -> None:
    """End every sign-in of a user: their refresh tokens at once, their access tokens within 5 seconds.

    Each revocation is later than the one before, even in the same millisecond or by a clock that lags behind.
    """
    RefreshToken.objects.filter(user_id=user_id, revoked_at=None).update(revoked_at=now)
    latest = {"$max": [now, {"$add": ["$tokens_revoked_at", 1]}]}  # $add returns null for never, which $max ignores
    change = [{"$set": {"tokens_revoked_at": latest}}]
    User.documents.update_one({"_id": user_id}, change, session=running_session())
    on_commit(revocations.forget)
