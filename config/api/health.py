"""/healthz, /readyz and /metrics: for load balancers, schedulers and Prometheus."""

import hmac
import ipaddress
from collections.abc import Callable
from typing import Any

import pymongo.errors
import redis
import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from config.api.problems import CONTENT_TYPE, problem_response
from config.core import metrics
from config.mongo.collections import client

log = structlog.get_logger(__name__)


def healthz(request: HttpRequest) -> JsonResponse:
    """Alive: the process answers."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """Ready: MongoDB has a primary and Redis answers; else 503 that names which does not."""
    away = [name for name, ping in PINGS.items() if not answers(name, ping)]
    if away:
        return problem_response(
            request, status=503, detail=f"Not reachable: {', '.join(away)}.", code="not_ready", unreachable=away
        )
    return JsonResponse({"status": "ok", "mongodb": "ok", "redis": "ok"})


def answers(name: str, ping: Callable[[], object]) -> bool:
    try:
        return bool(ping())
    except (pymongo.errors.PyMongoError, redis.RedisError, OSError) as error:
        log.warning("not_ready", service=name, error=str(error)[:200])
        return False


def ping_mongodb() -> bool:
    hello = client().admin.command("hello", maxTimeMS=2000)
    return bool(hello.get("isWritablePrimary"))


def ping_redis() -> bool:
    with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1) as server:
        return bool(server.ping())


PINGS = {"mongodb": ping_mongodb, "redis": ping_redis}


def metrics_page(request: HttpRequest) -> HttpResponse:
    """Figures, for METRICS_TOKEN as bearer; without a token set, for this machine's own callers only."""
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


async def realtime_health(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer plain HTTP on the sockets' port: /healthz, and 404 for the rest, which lives on the web port."""
    alive = scope["path"] == "/healthz"
    body = (
        b'{"status": "ok"}'
        if alive
        else b'{"status": 404, "code": "not_found", "detail": "Only sockets live on this port."}'
    )
    content_type = b"application/json" if alive else CONTENT_TYPE.encode()
    await send(
        {"type": "http.response.start", "status": 200 if alive else 404, "headers": [(b"content-type", content_type)]}
    )
    await send({"type": "http.response.body", "body": body})
