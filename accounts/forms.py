"""Forms of the admin's user pages. What they change goes through the services."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from unfold.forms import AdminOwnPasswordChangeForm, AdminPasswordChangeForm, UserCreationForm

from accounts import passwords
from accounts.models import User, normalize_email
from config.clock import now

CHANGED = "user.password_changed"


class NewUserForm(UserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name", "role", "is_staff")

    def clean_email(self) -> str:
        return normalize_email(self.cleaned_data["email"])


class NewPasswordForm(AdminPasswordChangeForm):
    """A password that staff set for somebody, or take away."""

    def __init__(self, *args: Any, by: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def save(self, commit: bool = True) -> User:
        user: User = super().save(commit=False)
        passwords.store(user_id=user.pk, encoded=user.password, entry=CHANGED, by=self.by, now=now())
        return user


class OwnPasswordForm(AdminOwnPasswordChangeForm):
    """A staff member's own password, by who knows the current one."""

    def save(self, commit: bool = True) -> User:
        read = self.user.password
        user = cast("User", super().save(commit=False))
        if not passwords.store(
            user_id=user.pk, encoded=user.password, entry=CHANGED, by=user.pk, now=now(), password=read
        ):
            raise PermissionDenied("The password was changed elsewhere meanwhile.")
        return user
