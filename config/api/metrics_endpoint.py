"""/metrics: the metrics for Prometheus, and who may read them."""

import hmac
import ipaddress

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from config.api.problems import problem_response
from config.core import metrics


def metrics_page(request: HttpRequest) -> HttpResponse:
    """Metrics, for METRICS_TOKEN as bearer; if it is not set, for clients on this machine only."""
    if not may_read_metrics(request):
        return problem_response(request, status=404, detail="There is nothing here.")
    body, content_type = metrics.render()
    return HttpResponse(body, content_type=content_type)


def may_read_metrics(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        expected = f"Bearer {settings.METRICS_TOKEN}".encode()
        return hmac.compare_digest(request.META.get("HTTP_AUTHORIZATION", "").encode(), expected)
    return "HTTP_X_FORWARDED_FOR" not in request.META and is_loopback(request.META.get("REMOTE_ADDR", ""))


def is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address.rsplit(":", 1)[0] if address.count(":") == 1 else address).is_loopback
    except ValueError:
        return False
