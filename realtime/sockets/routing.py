"""Addresses of plain WebSockets, and which pages may open them."""

from collections.abc import Awaitable, Callable
from typing import Any

from channels.routing import URLRouter
from django.urls import re_path

from realtime.sockets.origins import is_own_page
from realtime.sockets.websocket_consumers import FeedConsumer, SeatsConsumer

Application = Callable[[Any, Any, Any], Awaitable[None]]


def own_pages_only(application: Application) -> Application:
    async def checked(scope: Any, receive: Any, send: Any) -> None:
        headers = dict(scope["headers"])
        origin, host = (headers.get(name, b"").decode("latin-1") for name in (b"origin", b"host"))
        if is_own_page(origin=origin, host=host):
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
