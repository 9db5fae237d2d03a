"""What can be done with accounts. API, admin and commands come through here."""

import hmac
from datetime import datetime

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django_mongodb_backend.transaction import on_commit

from accounts.journal_entries import access_changed, admin_created
from accounts.models import User, normalize_email
from accounts.revocations import revocations
from accounts.tokens import TokenPair, issue_tokens, revoke_all
from config.errors import Conflict, Forbidden, Invalid, Unauthorized
from config.mongo.duplicates import violated_fields
from config.mongo.transactions import run_in_transaction
from journal.append import append


class EmailTaken(Conflict):
    code = "email_taken"
    detail = "An account with this e-mail address exists: sign in instead."


class BadCredentials(Unauthorized):
    code = "bad_credentials"
    detail = "E-mail address or password is wrong."


class WrongAdminToken(Forbidden):
    code = "wrong_admin_token"
    detail = "The header X-Admin-Token does not hold the token of this installation."


class AccountBlocked(Unauthorized):
    code = "account_blocked"
    detail = "This account is blocked. Please write to the support."


class UserGone(Unauthorized):
    code = "account_gone"
    detail = "This account does not exist any more."


def register(*, name: str, email: str, password: str, role: str, now: datetime) -> User:
    """Create an organizer or a customer.

    Raises:
        Invalid: the password is too easy to guess.
        EmailTaken: in any case of its letters.
    """
    user = User(name=name, email=normalize_email(email), role=role, created_at=now)
    refuse_weak_password(password, user=user)
    user.set_password(password)
    insert(user)
    return user


def create_admin(*, name: str, email: str, password: str, now: datetime) -> User:
    """Create a staff user who may do everything in the admin, so that an installation can have its first.

    Raises:
        Invalid: the password is too easy to guess.
        EmailTaken: in any case of its letters.
    """
    rights = {"role": User.Role.STAFF, "is_staff": True, "is_superuser": True}
    user = User(name=name, email=normalize_email(email), created_at=now, **rights)
    refuse_weak_password(password, user=user)
    user.set_password(password)

    def work() -> None:
        user._state.adding = True  # a repeated attempt inserts again
        insert(user)
        append(admin_created(user.id, at=now))

    run_in_transaction(work)
    return user


def refuse_wrong_admin_token(offered: str) -> None:
    """Compare with ADMIN_CREATION_TOKEN in constant time; as bytes, since a header may hold any character."""
    expected = settings.ADMIN_CREATION_TOKEN.encode()
    if not expected or not hmac.compare_digest(offered.encode(errors="replace"), expected):
        raise WrongAdminToken


def insert(user: User) -> None:
    try:
        user.save(force_insert=True)
    except IntegrityError as error:
        if "email" not in violated_fields(error):
            raise
        raise EmailTaken from None


def refuse_weak_password(password: str, *, user: User, field: str = "password") -> None:
    """Raise Invalid on ``field`` when a password is too easy to guess, for this user in particular."""
    try:
        validate_password(password, user=user)
    except ValidationError as error:
        raise Invalid(field, " ".join(error.messages), code="weak_password") from None


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


def find_user(user_id: str) -> User:
    """Return a user.

    Raises:
        UserGone: deleted since the token was given out.
    """
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise UserGone
    return user


def rename(*, user_id: str, name: str) -> User:
    User.objects.filter(pk=user_id).update(name=name)
    return find_user(user_id)


def block(*, user_id: str, now: datetime, by: str = "", reason: str = "") -> bool:
    """Sign a user out everywhere within 5 seconds and keep them out; return whether they were not blocked before.

    Blocking twice changes nothing and says so; the sign-ins end again.
    """

    def work() -> bool:
        changed = switch_access(user_id, blocked=True, by=by, reason=reason, now=now)
        end_sign_ins(user_id=user_id, now=now)
        return changed

    return run_in_transaction(work)


def switch_access(user_id: str, *, blocked: bool, by: str, reason: str, now: datetime) -> bool:
    """Block or unblock, inside the running transaction, and say so in the journal if that changed anything."""
    if not User.objects.filter(pk=user_id, is_active=blocked).update(is_active=not blocked):
        return False
    append(access_changed(user_id, blocked=blocked, by=by, reason=reason, at=now))
    return True


def end_sign_ins(*, user_id: str, now: datetime) -> None:
    """Sign a user out of the API everywhere: a token keeps the role and the password that it was given for."""
    revoke_all(user_id=user_id, now=now)
    on_commit(revocations.forget)


def unblock(*, user_id: str, now: datetime, by: str = "", reason: str = "") -> bool:
    """Let a user sign in again; return whether they were blocked. Tokens from before the block stay revoked."""

    def work() -> bool:
        on_commit(revocations.forget)
        return switch_access(user_id, blocked=False, by=by, reason=reason, now=now)

    return run_in_transaction(work)
