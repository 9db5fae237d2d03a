"""Addresses of plain WebSockets, and which pages may open them."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from channels.routing import URLRouter
from django.conf import settings
from django.urls import re_path

from realtime.consumers import FeedConsumer, SeatsConsumer

Application = Callable[[Any, Any, Any], Awaitable[None]]


def is_own_page(headers: dict[bytes, bytes]) -> bool:
    """Tell whether a page of ours, or of an allowed origin, asks; programs send no Origin, and need a token anyway."""
    origin = headers.get(b"origin", b"").decode("latin-1")
    host = headers.get(b"host", b"").decode("latin-1")
    allowed = [*settings.CORS_ALLOWED_ORIGINS, *([settings.PUBLIC_URL] if settings.REALTIME_URL else [])]
    return not origin or urlsplit(origin).netloc == host or origin in allowed


def own_pages_only(application: Application) -> Application:
    async def checked(scope: Any, receive: Any, send: Any) -> None:
        if is_own_page(dict(scope["headers"])):
            await application(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 4403})

    return checked


async def nowhere(scope: Any, receive: Any, send: Any) -> None:
    """There is no such address: the handshake is refused."""
    await send({"type": "websocket.close", "code": 4404})


websockets = own_pages_only(
    URLRouter(
        [
            re_path(r"^ws/events/(?P<event_id>[^/]+)$", SeatsConsumer.as_asgi()),
            re_path(r"^ws/me$", FeedConsumer.as_asgi()),
            re_path(r"", nowhere),  # type: ignore[arg-type]  # channels routes to ASGI applications
        ]
    )
)
