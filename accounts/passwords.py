"""Passwords: which are refused as too weak, and how one is changed, reset by mail, or set by staff."""

from dataclasses import dataclass
from datetime import datetime

import structlog
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts import reset_tokens
from accounts.journal_entries import UserEntry, password_replaced, password_reset_requested
from accounts.models import User, normalize_email
from accounts.refresh_tokens import end_sign_ins
from config.core.batch_worker import BatchWorker
from config.core.errors import Invalid, NotFound
from config.logs import current_request_id
from config.mongo.transactions import run_in_transaction
from journal.append import append

log = structlog.get_logger(__name__)


class WrongPassword(Invalid):
    def __init__(self) -> None:
        super().__init__("current", "The current password is wrong.", code="wrong_password")


class SamePassword(Invalid):
    def __init__(self) -> None:
        super().__init__("new", "The new password must differ from the current one.", code="same_password")


class BadResetToken(Invalid):
    def __init__(self) -> None:
        super().__init__("token", "The token is invalid, expired or used: request a new one.", code="bad_token")


@dataclass(frozen=True, slots=True)
class ResetRequest:
    email: str
    at: datetime
    request_id: str


def refuse_weak_password(password: str, *, user: User, field: str = "password") -> None:
    """Raise Invalid on ``field`` if AUTH_PASSWORD_VALIDATORS (config/settings.py) refuse the password for this user."""
    try:
        validate_password(password, user=user)
    except ValidationError as error:
        raise Invalid(field, " ".join(error.messages), code="weak_password") from None


def change_password(*, user_id: str, current: str, new: str, now: datetime) -> None:
    """Change a user's own password and sign them out everywhere, here too.

    Raises:
        WrongPassword: ``current`` is not the password, or no longer is when the new one is stored.
        SamePassword: ``new`` equals ``current``.  Invalid: ``new`` is too weak.
    """
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise NotFound
    if not check_password(current, user.password):
        raise WrongPassword
    if new == current:
        raise SamePassword
    refuse_weak_password(new, user=user, field="new")
    if not replace(user, new, entry_type=UserEntry.PASSWORD_CHANGED, now=now):
        raise WrongPassword


def request_reset(*, email: str, now: datetime) -> None:
    """Have a mail sent to the account with this address, if there is one, without revealing whether there is.

    A thread of its own looks the account up and writes the journal, so that the response time reveals nothing either.
    A process that dies in this moment loses the request, and the user asks again.
    """
    reset_request_worker.add([ResetRequest(email=normalize_email(email), at=now, request_id=current_request_id())])


def record_resets(requests: list[ResetRequest]) -> None:
    """Write a journal entry for each request whose account may reset its password; the mail follows from the entry."""
    for request in requests:
        with structlog.contextvars.bound_contextvars(request_id=request.request_id):
            try:
                record_reset(request)
            except Exception:
                log.exception("password_reset_request_lost")


def record_reset(request: ResetRequest) -> None:
    user = User.objects.filter(email=request.email).first()
    if user is not None and reset_tokens.may_reset(user):
        append(password_reset_requested(user.id, at=request.at))


def reset_password(*, token: str, new: str, now: datetime) -> None:
    """Set a new password with the token from a mail and sign the user out everywhere.

    Raises:
        BadResetToken: forged, used, expired, or of a blocked user.
        Invalid: ``new`` is too weak; the token stays valid.
    """
    user = reset_tokens.user_of_token(token)
    if user is None:
        raise BadResetToken
    refuse_weak_password(new, user=user, field="new")
    if not replace(user, new, entry_type=UserEntry.PASSWORD_RESET, now=now, is_active=True):
        raise BadResetToken


def replace(user: User, new: str, *, entry_type: UserEntry, now: datetime, **still: object) -> bool:
    """Store a user's own new password unless it was changed since it was read; return whether it was stored."""
    encoded, still = make_password(new), {"password": user.password, **still}
    return store(user_id=user.id, encoded=encoded, entry_type=entry_type, by=user.id, now=now, **still)


def store(*, user_id: str, encoded: str, entry_type: UserEntry, by: str, now: datetime, **still: object) -> bool:
    """Store an encoded password, end every sign-in and write a journal entry: all three or none.

    Args:
        still: fields that the user must still have. Of several requests that read the same password, one replaces it.

    Returns:
        Whether the password was stored.
    """

    def work() -> bool:
        if not User.objects.filter(pk=user_id, **still).update(password=encoded):
            return False
        end_sign_ins(user_id=user_id, now=now)
        append(password_replaced(user_id, entry_type=entry_type, by=by, at=now))
        return True

    return run_in_transaction(work)


reset_request_worker: BatchWorker[ResetRequest] = BatchWorker(record_resets, name="password-resets")
