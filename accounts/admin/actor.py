"""The user who is signed in to the admin."""

from typing import cast

from django.http import HttpRequest

from accounts.actors import Actor
from accounts.models import User


def signed_in_staff(request: HttpRequest) -> User:
    """Return the user of a request to an admin page, which admits staff only."""
    return cast("User", request.user)


def actor_of_admin(request: HttpRequest) -> Actor:
    """Return the same user as services take one: ``by=``."""
    return signed_in_staff(request).as_actor()
