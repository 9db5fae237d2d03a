"""The ASGI applications: ``realtime`` serves sockets alone (`make serve`), ``all_in_one`` HTTP too (`make run`)."""

import os

import socketio
from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
get_asgi_application()  # loads the apps

# isort: split
from a2wsgi import WSGIMiddleware  # noqa: E402 - the apps come first

from config.api.health import realtime_health  # noqa: E402 - the apps come first
from config.checks import refuse_unsafe_start  # noqa: E402 - the apps come first
from config.wsgi import application as http  # noqa: E402 - the apps come first
from realtime.sockets.routing import websockets  # noqa: E402 - the apps come first
from realtime.sockets.socketio_server import server, start, stop  # noqa: E402 - the apps come first

refuse_unsafe_start()

HTTP_THREADS = 16


def mounted(http_application: object) -> socketio.ASGIApp:
    """Return Socket.IO at /socket.io/, with the given application for any other HTTP request."""
    others = ProtocolTypeRouter({"http": http_application, "websocket": websockets})
    return socketio.ASGIApp(server, other_asgi_app=others, on_startup=start, on_shutdown=stop)


realtime = mounted(realtime_health)
all_in_one = mounted(WSGIMiddleware(http, workers=HTTP_THREADS))  # type: ignore[arg-type]  # responses are iterable
