"""The addresses of plain WebSockets, and the check of the page that opens one."""

from collections.abc import Awaitable, Callable, Mapping

from asgiref.typing import WebSocketScope
from channels.routing import URLRouter
from django.urls import re_path

from realtime.sockets.close_codes import CloseCode
from realtime.sockets.origins import is_allowed_origin
from realtime.sockets.websocket_consumers import FeedConsumer, SeatsConsumer

Receive = Callable[[], Awaitable[Mapping[str, object]]]
Send = Callable[[Mapping[str, object]], Awaitable[None]]
Application = Callable[[WebSocketScope, Receive, Send], Awaitable[None]]


def allowed_origins_only(application: Application) -> Application:
    async def checked(scope: WebSocketScope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        origin, host = (headers.get(name, b"").decode("latin-1") for name in (b"origin", b"host"))
        if is_allowed_origin(origin=origin, host=host):
            await application(scope, receive, send)
        else:
            await refuse(send, CloseCode.FOREIGN_ORIGIN)

    return checked


async def not_found(scope: WebSocketScope, receive: Receive, send: Send) -> None:
    await refuse(send, CloseCode.NOT_FOUND)


async def refuse(send: Send, code: CloseCode) -> None:
    """Refuse the handshake: the server answers it with 403."""
    await send({"type": "websocket.close", "code": code})


websockets = allowed_origins_only(
    URLRouter(
        [
            re_path(r"^ws/events/(?P<event_id>[^/]+)$", SeatsConsumer.as_asgi()),
            re_path(r"^ws/me$", FeedConsumer.as_asgi()),
            re_path(r"", not_found),  # type: ignore[arg-type]  # channels routes to ASGI applications
        ]
    )
)
