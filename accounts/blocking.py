"""Who may block whom, and what blocking and unblocking a user does."""

from datetime import datetime

from django_mongodb_backend.transaction import on_commit

from accounts.journal_entries import access_changed
from accounts.models import User
from accounts.refresh_tokens import end_sign_ins
from accounts.revocations import revocations
from config.mongo.transactions import run_in_transaction
from journal.append import append


def may_block(staff: User, user: User) -> bool:
    """Tell whether staff may block or unblock a user: nobody themselves, and only superusers other staff."""
    reachable = staff.is_superuser or not user.is_staff_account
    return reachable and user.pk != staff.pk and staff.has_perm("accounts.block_user")


def block(*, user_id: str, now: datetime, by: str = "", reason: str = "") -> bool:
    """Block a user and end their sign-ins; return False if they were blocked already.

    A second block ends their sign-ins again and changes nothing else.
    """

    def work() -> bool:
        changed = switch_access(user_id, blocked=True, by=by, reason=reason, now=now)
        end_sign_ins(user_id=user_id, now=now)
        return changed

    return run_in_transaction(work)


def switch_access(user_id: str, *, blocked: bool, by: str, reason: str, now: datetime) -> bool:
    """Block or unblock inside the running transaction; write a journal entry only if that changed the user."""
    if not User.objects.filter(pk=user_id, is_active=blocked).update(is_active=not blocked):
        return False
    append(access_changed(user_id, blocked=blocked, by=by, reason=reason, at=now))
    return True


def unblock(*, user_id: str, now: datetime, by: str = "", reason: str = "") -> bool:
    """Let a user sign in again; return False if they were not blocked. Tokens from before the block stay revoked."""

    def work() -> bool:
        on_commit(revocations.forget)
        return switch_access(user_id, blocked=False, by=by, reason=reason, now=now)

    return run_in_transaction(work)
