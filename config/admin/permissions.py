"""Permissions of the user who is signed in to the admin."""

from typing import cast

from django.contrib.auth.models import AnonymousUser, PermissionsMixin
from django.http import HttpRequest


def has_permission(request: HttpRequest, permission: str) -> bool:
    """Tell whether the user has a permission (``app.codename``)."""
    user = cast("PermissionsMixin | AnonymousUser", request.user)
    return user.has_perm(permission)
