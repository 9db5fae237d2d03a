"""What the signed-in user of the admin may do."""

from typing import Any

from django.http import HttpRequest


def has_permission(request: HttpRequest, permission: str) -> bool:
    """Tell whether they have a permission (``app.codename``)."""
    user: Any = request.user
    return bool(user.has_perm(permission))
