"""Whose pages may open sockets."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host


def is_own_page(*, origin: str, host: str) -> bool:
    """Tell whether a page of ours, or of an allowed origin, asks; programs send no Origin, and need a token anyway.

    ``host`` is what the caller says that it reached: without a look at ALLOWED_HOSTS, a page under any name that leads
    to this machine would count as ours.
    """
    allowed = [*settings.CORS_ALLOWED_ORIGINS, *([settings.PUBLIC_URL] if settings.REALTIME_URL else [])]
    if not origin or origin in allowed:
        return True
    return host_of(origin) == host and validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)


def host_of(origin: str) -> str | None:
    """Return the host, with its port, of a page's origin; None for ``null`` and what is no origin."""
    try:
        return urlsplit(origin).netloc or None
    except ValueError:
        return None
