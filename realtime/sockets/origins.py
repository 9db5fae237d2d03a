"""Which web pages may open sockets."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host


def is_allowed_origin(*, origin: str, host: str) -> bool:
    """Tell whether a page of ours or of an allowed origin connects. Programs send no Origin, and need a token anyway.

    ``host`` is the request's Host header. It is checked against ALLOWED_HOSTS: otherwise a page under any name that
    leads to this machine (DNS rebinding) would count as ours.
    """
    allowed = [*settings.CORS_ALLOWED_ORIGINS, *([settings.PUBLIC_URL] if settings.REALTIME_URL else [])]
    if not origin or origin in allowed:
        return True
    return host_of(origin) == host and validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)


def host_of(origin: str) -> str | None:
    """Return an origin's host with its port; None for ``null`` and for what is no origin."""
    try:
        return urlsplit(origin).netloc or None
    except ValueError:
        return None
