"""Blocking and unblocking users, and ending their sign-ins."""

from datetime import datetime

from django_mongodb_backend.transaction import on_commit

from accounts.journal_entries import access_changed
from accounts.models import User
from accounts.revocations import revocations
from accounts.tokens import revoke_all
from config.mongo.transactions import run_in_transaction
from journal.append import append


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
