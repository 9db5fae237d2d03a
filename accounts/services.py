"""What can be done with accounts. API, admin and commands come through here."""

from datetime import datetime

from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django_mongodb_backend.transaction import on_commit

from accounts.models import User, normalize_email
from accounts.revocations import revocations
from accounts.tokens import TokenPair, issue_tokens, revoke_all
from config.errors import Conflict, Invalid, Unauthorized
from config.mongo.duplicates import violated_fields


class EmailTaken(Conflict):
    code = "email_taken"
    detail = "An account with this e-mail address exists: sign in instead."


class BadCredentials(Unauthorized):
    code = "bad_credentials"
    detail = "E-mail address or password is wrong."


class AccountBlocked(Unauthorized):
    code = "account_blocked"
    detail = "This account is blocked. Please write to the support."


def register(*, name: str, email: str, password: str, role: str, now: datetime) -> User:
    """Create an organizer or a customer.

    Raises:
        Invalid: the password is too easy to guess.
        EmailTaken: in any case of its letters.
    """
    user = User(name=name, email=normalize_email(email), role=role, created_at=now)
    refuse_weak_password(password, user=user)
    user.set_password(password)
    try:
        user.save(force_insert=True)
    except IntegrityError as error:
        if "email" not in violated_fields(error):
            raise
        raise EmailTaken from None
    return user


def refuse_weak_password(password: str, *, user: User) -> None:
    try:
        validate_password(password, user=user)
    except ValidationError as error:
        raise Invalid("password", " ".join(error.messages), code="weak_password") from None


def log_in(*, email: str, password: str, now: datetime) -> tuple[User, TokenPair]:
    """Check the credentials and start a sign-in.

    An unknown address costs a password hash too (Django's ModelBackend sees to it), so time tells nothing.

    Raises:
        BadCredentials: no such account, or another password.
        AccountBlocked: only with the right password.
    """
    user = authenticate(username=normalize_email(email), password=password)
    if not isinstance(user, User):
        raise BadCredentials
    if not user.is_active:
        raise AccountBlocked
    return user, issue_tokens(user=user, now=now)


def rename(*, user_id: str, name: str) -> User:
    User.objects.filter(pk=user_id).update(name=name)
    return User.objects.get(pk=user_id)


def block(*, user_id: str, now: datetime) -> None:
    """Sign a user out everywhere within 5 seconds and keep them out. Blocking twice changes nothing."""
    User.objects.filter(pk=user_id).update(is_active=False)
    end_sign_ins(user_id=user_id, now=now)


def end_sign_ins(*, user_id: str, now: datetime) -> None:
    """Sign a user out of the API everywhere: a token keeps the role and the password that it was given for."""
    revoke_all(user_id=user_id, now=now)
    on_commit(revocations.forget)


def unblock(*, user_id: str) -> None:
    """Let a user sign in again; tokens from before the block stay revoked."""
    User.objects.filter(pk=user_id).update(is_active=True)
    revocations.forget()
