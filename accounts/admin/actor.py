"""Who is at work in the admin."""

from typing import Any

from django.http import HttpRequest

from accounts.actors import Actor


def actor_of_admin(request: HttpRequest) -> Actor:
    """Return the signed-in user as services take them: ``by=``."""
    user: Any = request.user
    caller: Actor = user.as_actor()
    return caller
