"""Creating accounts: users register, and an installation makes its first administrator."""

import hmac
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError

from accounts.journal_entries import admin_created
from accounts.models import User, normalize_email
from accounts.passwords import refuse_weak_password
from config.core.errors import Conflict, Forbidden
from config.mongo.duplicates import violated_fields
from config.mongo.transactions import run_in_transaction
from journal.append import append


class EmailTaken(Conflict):
    code = "email_taken"
    detail = "An account with this e-mail address already exists: sign in instead."


class WrongAdminToken(Forbidden):
    code = "wrong_admin_token"
    detail = "The X-Admin-Token header does not match the token of this installation."


def register(*, name: str, email: str, password: str, role: str, now: datetime) -> User:
    """Create an organizer or a customer.

    Raises:
        Invalid: the password is too weak.
        EmailTaken: an account has this address, in upper or lower case.
    """
    user = User(name=name, email=normalize_email(email), role=role, created_at=now)
    refuse_weak_password(password, user=user)
    user.set_password(password)
    insert(user)
    return user


def create_admin(*, name: str, email: str, password: str, now: datetime) -> User:
    """Create a superuser, so that an installation can have its first administrator.

    Raises:
        Invalid: the password is too weak.
        EmailTaken: an account has this address, in upper or lower case.
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


def refuse_wrong_admin_token(token: str) -> None:
    """Compare with ADMIN_CREATION_TOKEN in constant time; as bytes, since a header may hold any character."""
    expected = settings.ADMIN_CREATION_TOKEN.encode()
    if not expected or not hmac.compare_digest(token.encode(errors="replace"), expected):
        raise WrongAdminToken


def insert(user: User) -> None:
    try:
        user.save(force_insert=True)
    except IntegrityError as error:
        if "email" not in violated_fields(error):
            raise
        raise EmailTaken from None
