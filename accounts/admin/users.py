"""Users in the admin. Blocking goes through accounts.blocking; only superusers change staff accounts."""

from copy import copy
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import Field, QuerySet
from django.forms import ModelForm, TypedChoiceField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from unfold.dataclasses import UnfoldAction
from unfold.decorators import action
from unfold.enums import ActionVariant
from unfold.forms import UserChangeForm

from accounts.admin.actor import signed_in_staff
from accounts.admin.block_pages import block_page, unblock_page
from accounts.admin.forms import NewPasswordForm, NewUserForm
from accounts.blocking import may_block
from accounts.models import User, normalize_email
from accounts.refresh_tokens import end_sign_ins
from config.admin.model_admin import BaseAdmin, IndexedSearch
from config.admin.panels import panels_of
from config.admin.permissions import has_permission
from config.admin.reason_forms import AT_ONCE
from config.core.clock import now
from journal.history import WithHistory

ROLE_FIELDS = {"role", "is_staff"}  # tokens carry the role: a change ends them


@admin.register(User)
class UserAdmin(WithHistory, IndexedSearch, BaseAdmin, DjangoUserAdmin):  # type: ignore[misc,type-arg]  # untyped theme over typed stubs
    form = UserChangeForm
    add_form = NewUserForm
    change_form_outer_before_template = "admin/panels.html"
    list_display = ("email", "name", "role", "status", "is_staff", "created_at")
    list_filter = ("role", "is_active", "is_staff")
    search_fields = ("=id", "email")
    search_help_text = "A user's id, or the beginning of their e-mail address"
    ordering = ("-created_at", "-id")
    sortable_by = ("email", "created_at")  # the orders that an index serves
    readonly_fields = ("id", "status", "is_superuser", "created_at", "last_login")
    filter_horizontal = ("groups",)
    actions = ("block", "unblock")
    actions_detail = ("block_one", "unblock_one")
    fieldsets = (
        (None, {"fields": ("id", "email", "name", "role", "password")}),
        ("Access", {"fields": ("status", "is_staff", "is_superuser", "groups")}),
        ("Dates", {"fields": ("created_at", "last_login")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "name", "role", "is_staff", "usable_password", "password1", "password2")}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Never: bookings and the journal keep the ids of their users. Staff block a user instead."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Keep staff accounts from other staff: whoever sets a password or an address takes the account over."""
        reachable = obj is None or signed_in_staff(request).is_superuser or not obj.is_staff_account
        return reachable and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        rights = () if signed_in_staff(request).is_superuser else ("is_staff", "groups")
        return (*self.readonly_fields, *rights)

    def formfield_for_choice_field(
        self, db_field: "Field[object, object]", request: HttpRequest, **kwargs: object
    ) -> TypedChoiceField | None:
        """Offer the role STAFF to superusers only, since the API trusts the role."""
        if db_field.name == "role" and not signed_in_staff(request).is_superuser:
            kwargs["choices"] = [choice for choice in User.Role.choices if choice[0] != User.Role.STAFF]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def find(self, queryset: QuerySet[User], term: str) -> QuerySet[User]:
        """Find by id or by the beginning of the address."""
        address = normalize_email(term)
        by_id = address.startswith("usr-")
        return queryset.filter(**({"pk": term.upper()} if by_id else {"email__startswith": address}))

    def save_model(self, request: HttpRequest, obj: User, form: "ModelForm[User]", change: bool) -> None:
        """Write only the edited fields, so that a block made meanwhile stays."""
        if not change:
            super().save_model(request, obj, form, change)
            return
        stored = {field.name for field in User._meta.local_fields if isinstance(field, Field)}
        obj.save(update_fields=stored & set(form.changed_data))
        if ROLE_FIELDS & set(form.changed_data):
            end_sign_ins(user_id=obj.pk, now=now())

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002 - Django's name
        """Pass the staff member on to the form, for the journal."""
        page = copy(self)
        page.change_password_form = partial(NewPasswordForm, by=str(request.user.pk))
        return super(UserAdmin, page).user_change_password(request, id, form_url)

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Hide the password field, which names the hash, from staff who cannot change this account."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        (title, first), *rest = fieldsets
        return ((title, {"fields": [name for name in first["fields"] if name != "password"]}), *rest)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        user = self.get_object(request, object_id)
        panels = panels_of("accounts.user", request, user) if user else []
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "panels": panels})

    @admin.display(description="status", ordering="is_active")
    def status(self, user: User) -> str:
        return "active" if user.is_active else "blocked"

    def has_block_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return has_permission(request, "accounts.block_user")

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list[UnfoldAction]:
        """Offer Block for an active user and Unblock for a blocked one."""
        user = self.get_object(request, object_id)
        if user is None or not may_block(signed_in_staff(request), user):
            return []
        applicable = "block_one" if user.is_active else "unblock_one"
        offered = super().get_actions_detail(request, object_id)
        return [one for one in offered if one.action_name.endswith(f"_user_{applicable}")]

    @admin.action(description="Block: end all sign-ins and refuse new ones", permissions=["block"])
    def block(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        users = self.reachable(request, queryset)
        return block_page(request, self, users, action="block") if users else None

    @admin.action(description="Unblock: allow to sign in again", permissions=["block"])
    def unblock(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        users = self.reachable(request, queryset)
        return unblock_page(request, self, users, action="unblock") if users else None

    @action(description="Block", url_path="block", permissions=["block"], icon="block", variant=ActionVariant.DANGER)
    def block_one(self, request: HttpRequest, object_id: str) -> HttpResponse:
        users = self.reachable(request, User.objects.filter(pk=object_id))
        return block_page(request, self, users) if users else HttpResponseRedirect("../change/")

    @action(description="Unblock", url_path="unblock", permissions=["block"], icon="lock_open")
    def unblock_one(self, request: HttpRequest, object_id: str) -> HttpResponse:
        users = self.reachable(request, User.objects.filter(pk=object_id))
        return unblock_page(request, self, users) if users else HttpResponseRedirect("../change/")

    def reachable(self, request: HttpRequest, queryset: QuerySet[User]) -> list[User]:
        """Return those whom the signed-in member of staff may block or unblock; name the others in a message."""
        users = list(queryset[:AT_ONCE])
        allowed = [user for user in users if may_block(signed_in_staff(request), user)]
        for user in set(users) - set(allowed):
            messages.error(
                request,
                f"{user} was not changed: nobody blocks or unblocks themselves, and only superusers do so to staff.",
            )
        return allowed
