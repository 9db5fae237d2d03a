"""Passwords: changed by who knows the current one, reset by who reads the account's mail, set by staff."""

from dataclasses import dataclass
from datetime import datetime

import structlog
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts import reset_tokens
from accounts.blocking import end_sign_ins
from accounts.journal_entries import UserEntry, password_replaced, password_reset_requested
from accounts.models import User, normalize_email
from config.core.batch_worker import BatchWorker
from config.core.errors import Invalid, NotFound
from config.logs import current_request_id
from config.mongo.transactions import run_in_transaction
from journal.append import append

log = structlog.get_logger(__name__)


class WrongPassword(Invalid):
    def __init__(self) -> None:
        super().__init__("current", "This is not your password.", code="wrong_password")


class SamePassword(Invalid):
    def __init__(self) -> None:
        super().__init__("new", "This is your password already: choose another one.", code="same_password")


class BadResetToken(Invalid):
    def __init__(self) -> None:
        super().__init__("token", "This token is not valid (any more): ask for a new one.", code="bad_token")


@dataclass(frozen=True, slots=True)
class ResetRequest:
    email: str
    at: datetime
    request_id: str


def change_password(*, user_id: str, current: str, new: str, now: datetime) -> None:
    """Change a user's own password and sign them out everywhere, here too.

    Raises:
        WrongPassword: ``current`` is not, or no longer, the password.
        Invalid: ``new`` is too easy to guess.  SamePassword: it is the current one.
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
    """Have a mail sent to whoever has this address, if anyone; returns at once and tells nothing.

    Looking the account up and writing the journal happen in a thread of their own, so that the time tells nothing
    either. A process that dies in this moment loses the request: its sender asks again.
    """
    reset_request_worker.add([ResetRequest(email=normalize_email(email), at=now, request_id=current_request_id())])


def record_resets(requests: list[ResetRequest]) -> None:
    """Write a journal entry for each request that comes from an account's owner; the mail follows from it."""
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
        Invalid: ``new`` is too easy to guess; the token stays good.
    """
    user = reset_tokens.find_user(token)
    if user is None:
        raise BadResetToken
    refuse_weak_password(new, user=user, field="new")
    if not replace(user, new, entry_type=UserEntry.PASSWORD_RESET, now=now, is_active=True):
        raise BadResetToken


def replace(user: User, new: str, *, entry_type: UserEntry, now: datetime, **still: object) -> bool:
    """Store a user's own new password if the one that was read is still theirs; return whether it was."""
    encoded, still = make_password(new), {"password": user.password, **still}
    return store(user_id=user.id, encoded=encoded, entry_type=entry_type, by=user.id, now=now, **still)


def store(*, user_id: str, encoded: str, entry_type: UserEntry, by: str, now: datetime, **still: object) -> bool:
    """Write an encoded password, end every sign-in and say so in the journal: all three or none.

    Args:
        still: what must hold of the user when it is written. Of many who read the same password, one replaces it.

    Returns:
        Whether it did.
    """

    def work() -> bool:
        if not User.objects.filter(pk=user_id, **still).update(password=encoded):
            return False
        end_sign_ins(user_id=user_id, now=now)
        append(password_replaced(user_id, entry_type=entry_type, by=by, at=now))
        return True

    return run_in_transaction(work)


reset_request_worker: BatchWorker[ResetRequest] = BatchWorker(record_resets, name="password-resets")


def refuse_weak_password(password: str, *, user: User, field: str = "password") -> None:
    """Raise Invalid on ``field`` when a password is too easy to guess, for this user in particular."""
    try:
        validate_password(password, user=user)
    except ValidationError as error:
        raise Invalid(field, " ".join(error.messages), code="weak_password") from None
