"""Users in the admin. Blocking goes through accounts.services."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts import services
from accounts.models import User, normalize_email
from config.clock import now


class NewUserForm(AdminUserCreationForm):  # type: ignore[type-arg]  # generic in the stubs only
    class Meta:
        model = User
        fields = ("email", "name", "role", "is_staff")

    def clean_email(self) -> str:
        return normalize_email(self.cleaned_data["email"])


@admin.register(User)
class UserAdmin(StockUserAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    add_form = NewUserForm
    list_display = ("email", "name", "role", "is_active", "is_staff", "created_at")
    list_filter = ("role", "is_active", "is_staff")
    search_fields = ("=id", "^email")
    ordering = ("-created_at", "-id")
    show_full_result_count = False
    readonly_fields = ("id", "is_active", "is_superuser", "created_at", "last_login")
    filter_horizontal = ()
    actions = ("block", "unblock")
    fieldsets = (
        (None, {"fields": ("id", "email", "name", "role", "password")}),
        ("Access", {"fields": ("is_active", "is_staff", "is_superuser")}),
        ("Dates", {"fields": ("created_at", "last_login")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "name", "role", "is_staff", "usable_password", "password1", "password2")}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Bookings and the journal name their users for good: block instead."""
        return False

    @admin.action(description="Block: sign out everywhere and keep out")
    def block(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset.exclude(pk=request.user.pk):
            services.block(user_id=user.pk, now=now())
        messages.success(request, "Blocked. Their tokens end within 5 seconds. You cannot block yourself.")

    @admin.action(description="Unblock: let sign in again")
    def unblock(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            services.unblock(user_id=user.pk)
        messages.success(request, "Unblocked.")
