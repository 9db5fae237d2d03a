"""Who is at work in the admin."""

from typing import Any

from django.http import HttpRequest

from accounts.callers import Caller


def caller_of(request: HttpRequest) -> Caller:
    """Return the signed-in user as services take them: ``by=``."""
    user: Any = request.user
    caller: Caller = user.as_caller()
    return caller
