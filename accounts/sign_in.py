"""Signing in with e-mail address and password."""

from datetime import datetime

from django.contrib.auth import authenticate

from accounts.models import User, normalize_email
from accounts.refresh_tokens import TokenPair, issue_tokens
from config.core.errors import Unauthorized


class BadCredentials(Unauthorized):
    code = "bad_credentials"
    detail = "E-mail address or password is wrong."


class AccountBlocked(Unauthorized):
    code = "account_blocked"
    detail = "This account is blocked: contact support."


def log_in(*, email: str, password: str, now: datetime) -> tuple[User, TokenPair]:
    """Check the credentials and start a sign-in.

    Django's ModelBackend hashes a password for an unknown address too, so the response time does not reveal whether the
    account exists.

    Raises:
        BadCredentials: no such account, or a wrong password.
        AccountBlocked: the password is right and the user is blocked.
    """
    user = authenticate(username=normalize_email(email), password=password)
    if not isinstance(user, User):
        raise BadCredentials
    if not user.is_active:
        raise AccountBlocked
    return user, issue_tokens(user=user, now=now)
