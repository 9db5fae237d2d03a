"""Groups in the admin: only superusers change what their members may do."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from accounts.admin.actor import signed_in_staff
from config.admin.model_admin import BaseAdmin

admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(BaseAdmin, DjangoGroupAdmin):  # type: ignore[misc]  # untyped theme over typed stubs
    """Anyone who can change groups can give themselves every permission, so that is left to superusers."""

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return signed_in_staff(request).is_superuser

    def has_add_permission(self, request: HttpRequest) -> bool:
        return signed_in_staff(request).is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return signed_in_staff(request).is_superuser
