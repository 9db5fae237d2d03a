"""/healthz and /readyz: for load balancers and schedulers."""

from collections.abc import Callable

import pymongo.errors
import redis
import structlog
from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope
from django.conf import settings
from django.http import HttpRequest, JsonResponse

from config.api.problems import CONTENT_TYPE, problem_response
from config.mongo.collections import client

ALIVE = b'{"status": "ok"}'
SOCKETS_ONLY = b'{"status": 404, "code": "not_found", "detail": "Only sockets live on this port."}'

log = structlog.get_logger(__name__)


def healthz(request: HttpRequest) -> JsonResponse:
    """Alive: the process responds."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """Ready: MongoDB has a primary and Redis responds; otherwise 503 with the names of those that cannot be reached."""
    unreachable = [name for name, ping in PINGS.items() if not is_reachable(name, ping)]
    if unreachable:
        detail = f"Not reachable: {', '.join(unreachable)}."
        return problem_response(request, status=503, detail=detail, code="not_ready", unreachable=unreachable)
    return JsonResponse({"status": "ok", "mongodb": "ok", "redis": "ok"})


def is_reachable(name: str, ping: Callable[[], object]) -> bool:
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


async def realtime_health(scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Respond to plain HTTP on the port of the sockets: /healthz, and 404 for the rest, which the web port serves."""
    is_health = scope["path"] == "/healthz"
    status, content_type, body = (200, "application/json", ALIVE) if is_health else (404, CONTENT_TYPE, SOCKETS_ONLY)
    headers = [(b"content-type", content_type.encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers, "trailers": False})
    await send({"type": "http.response.body", "body": body, "more_body": False})
