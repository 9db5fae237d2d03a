"""Reading a Content-Security-Policy, whose directives come in any order."""

from django.http import HttpResponse


def policy_of(response: HttpResponse) -> dict[str, str]:
    """Return the sources of each directive that a response holds its page to; empty without a policy."""
    policy = response.get("Content-Security-Policy", "")
    return dict(directive.strip().split(" ", 1) for directive in policy.split(";") if directive.strip())
