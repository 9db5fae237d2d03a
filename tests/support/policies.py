"""Reading a Content-Security-Policy; its directives may come in any order."""

from django.http import HttpResponse


def policy_of(response: HttpResponse) -> dict[str, str]:
    """Return the sources of each directive of a response; empty if it has no policy."""
    policy = response.get("Content-Security-Policy", "")
    return dict(directive.strip().split(" ", 1) for directive in policy.split(";") if directive.strip())
