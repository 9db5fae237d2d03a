"""Users in the admin. Blocking goes through accounts.services; staff accounts are the superusers' to change."""

from copy import copy
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.db.models import Field, QuerySet
from django.forms import TypedChoiceField
from django.http import HttpRequest, HttpResponse

from accounts import services
from accounts.forms import NewPasswordForm, NewUserForm
from accounts.models import User, normalize_email
from config.admin import Admin
from config.clock import now

RIGHTS = {"role", "is_staff"}


def is_staff_account(user: User) -> bool:
    return user.is_superuser or user.as_caller().is_staff


def is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


@admin.register(User)
class UserAdmin(Admin, StockUserAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    add_form = NewUserForm
    list_display = ("email", "name", "role", "is_active", "is_staff", "created_at")
    list_filter = ("role", "is_active", "is_staff")
    search_fields = ("=id", "email")
    search_help_text = "A user's id, or the beginning of their e-mail address"
    ordering = ("-created_at", "-id")
    sortable_by = ("email", "created_at")  # the orders that an index serves
    readonly_fields = ("id", "is_active", "is_superuser", "created_at", "last_login")
    filter_horizontal = ("groups",)
    actions = ("block", "unblock")
    fieldsets = (
        (None, {"fields": ("id", "email", "name", "role", "password")}),
        ("Access", {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        ("Dates", {"fields": ("created_at", "last_login")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "name", "role", "is_staff", "usable_password", "password1", "password2")}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Bookings and the journal name their users for good: block instead."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Keep staff accounts from other staff: whoever sets a password or an address takes the account over."""
        reachable = obj is None or is_superuser(request) or not is_staff_account(obj)
        return reachable and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        return self.readonly_fields if is_superuser(request) else (*self.readonly_fields, "is_staff", "groups")

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> TypedChoiceField | None:
        """Offer the role of staff to superusers only: the API believes it."""
        if db_field.name == "role" and not is_superuser(request):
            kwargs["choices"] = [choice for choice in User.Role.choices if choice[0] != User.Role.STAFF]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        """Find by id or by the beginning of the address, both through an index."""
        term = normalize_email(search_term)
        if not term:
            return queryset, False
        by_id = term.startswith("usr-")
        return queryset.filter(**({"pk": term.upper()} if by_id else {"email__startswith": term})), False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Write what was edited and nothing else: a block that was made meanwhile stays."""
        if not change:
            super().save_model(request, obj, form, change)
            return
        stored = {field.name for field in User._meta.local_fields if isinstance(field, Field)}
        obj.save(update_fields=stored & set(form.changed_data))
        if RIGHTS & set(form.changed_data):
            services.end_sign_ins(user_id=obj.pk, now=now())

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002 - Django's name
        """Give the form who fills it in, for the journal."""
        page = copy(self)
        page.change_password_form = partial(NewPasswordForm, by=str(request.user.pk))
        return super(UserAdmin, page).user_change_password(request, id, form_url)

    @admin.action(description="Block: sign out everywhere and keep out", permissions=["change"])
    def block(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in self.reachable(request, queryset):
            services.block(user_id=user.pk, now=now())
            messages.success(request, f"{user} is blocked; their tokens end within 5 seconds.")

    @admin.action(description="Unblock: let sign in again", permissions=["change"])
    def unblock(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in self.reachable(request, queryset):
            services.unblock(user_id=user.pk)
            messages.success(request, f"{user} may sign in again.")

    def reachable(self, request: HttpRequest, queryset: QuerySet[User]) -> list[User]:
        """Return those whom this moderator may block or unblock, and name the others."""
        users = list(queryset)
        mine = [user for user in users if user.pk != request.user.pk and self.has_change_permission(request, user)]
        for user in set(users) - set(mine):
            messages.error(request, f"{user} stays as they are: yourself and, unless you are a superuser, other staff.")
        return mine
