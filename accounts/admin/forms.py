"""Forms of the admin's user pages. They store passwords through accounts.passwords."""

from typing import cast

from django.core.exceptions import PermissionDenied
from unfold.forms import AdminOwnPasswordChangeForm, AdminPasswordChangeForm, UserCreationForm

from accounts import passwords
from accounts.journal_entries import UserEntry
from accounts.models import User, normalize_email
from config.core.clock import now


class NewUserForm(UserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name", "role", "is_staff")

    def clean_email(self) -> str:
        return normalize_email(self.cleaned_data["email"])


class NewPasswordForm(AdminPasswordChangeForm):
    """Sets or removes the password of another user."""

    def __init__(self, *args: object, by: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def save(self, commit: bool = True) -> User:
        user: User = super().save(commit=False)
        store_changed(user, by=self.by)
        return user


class OwnPasswordForm(AdminOwnPasswordChangeForm):
    """Changes a staff member's own password; asks for the current one."""

    def save(self, commit: bool = True) -> User:
        read = self.user.password
        user = cast("User", super().save(commit=False))
        if not store_changed(user, by=user.pk, password=read):
            raise PermissionDenied("Your password was changed elsewhere in the meantime.")
        return user


def store_changed(user: User, *, by: str, **still: str) -> bool:
    """Store the password that the form has set; return whether the user was ``still`` as the form had read them."""
    changed = UserEntry.PASSWORD_CHANGED
    return passwords.store(user_id=user.pk, encoded=user.password, entry_type=changed, by=by, now=now(), **still)
