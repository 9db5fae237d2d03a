"""Prometheus metrics. Web workers share them through PROMETHEUS_MULTIPROC_DIR, which `make serve` sets."""

import os

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client import REGISTRY as PROCESS_REGISTRY

REQUESTS = Counter("http_requests_total", "Requests answered", ["method", "route", "status"])
LATENCY = Histogram("http_request_seconds", "Time from request to answer, in seconds", ["route"])
BOOKINGS = Counter("bookings_total", "Booking requests by outcome", ["outcome"])

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def observe_request(*, method: str, route: str, status: int, seconds: float) -> None:
    """Count one response. Labels come from fixed sets, so that no client can make the memory grow."""
    REQUESTS.labels(method if method in METHODS else "OTHER", route, status).inc()
    LATENCY.labels(route).observe(seconds)


def render() -> tuple[bytes, str]:
    """Return the metrics of all web workers and their content type."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(PROCESS_REGISTRY), CONTENT_TYPE_LATEST
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)
    return generate_latest(registry), CONTENT_TYPE_LATEST
