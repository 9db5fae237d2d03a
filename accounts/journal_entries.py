"""Journal entries about accounts: what each type carries, what makes it, and where it goes.

Handlers that take them: accounts/handlers.py; docs/journal-entries.md lists them by type.
"""

from datetime import datetime
from enum import StrEnum
from typing import TypedDict

from journal.append import build_entry
from journal.catalogue import ALWAYS, EntryType
from journal.documents import EntryDocument


class UserEntry(StrEnum):
    ADMIN_CREATED = "user.admin_created"
    PASSWORD_CHANGED = "user.password_changed"
    PASSWORD_RESET_REQUESTED = "user.password_reset_requested"
    PASSWORD_RESET = "user.password_reset"
    BLOCKED = "user.blocked"
    UNBLOCKED = "user.unblocked"


class UserData(TypedDict):
    id: str


class Access(TypedDict):
    blocked: bool


class UserAccessData(UserData):
    reason: str
    before: Access
    after: Access


ENTRY_TYPES = (
    EntryType(UserEntry.ADMIN_CREATED, UserData, staff_decision=ALWAYS),
    EntryType(UserEntry.PASSWORD_CHANGED, UserData),
    EntryType(UserEntry.PASSWORD_RESET_REQUESTED, UserData),
    EntryType(UserEntry.PASSWORD_RESET, UserData),
    EntryType(UserEntry.BLOCKED, UserAccessData, staff_decision=ALWAYS),
    EntryType(UserEntry.UNBLOCKED, UserAccessData, staff_decision=ALWAYS),
)


def admin_created(user_id: str, *, at: datetime) -> EntryDocument:
    return about(user_id, UserEntry.ADMIN_CREATED, {"id": user_id}, by="create-admin", at=at)


def password_reset_requested(user_id: str, *, at: datetime) -> EntryDocument:
    """Nobody is signed in, so the entry has no actor."""
    return about(user_id, UserEntry.PASSWORD_RESET_REQUESTED, {"id": user_id}, by="", at=at)


def password_replaced(user_id: str, *, entry_type: UserEntry, by: str, at: datetime) -> EntryDocument:
    """Return the entry of PASSWORD_CHANGED or PASSWORD_RESET."""
    return about(user_id, entry_type, {"id": user_id}, by=by, at=at)


def access_changed(user_id: str, *, blocked: bool, by: str, reason: str, at: datetime) -> EntryDocument:
    """Return the entry of BLOCKED or UNBLOCKED."""
    entry_type = UserEntry.BLOCKED if blocked else UserEntry.UNBLOCKED
    data: UserAccessData = {
        "id": user_id,
        "reason": reason,
        "before": {"blocked": not blocked},
        "after": {"blocked": blocked},
    }
    return about(user_id, entry_type, data, by=by, at=at)


def about(user_id: str, entry_type: UserEntry, data: UserData, *, by: str, at: datetime) -> EntryDocument:
    return build_entry(entry_type, subject=user_id, actor=by, at=at, data=data)
