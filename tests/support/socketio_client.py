"""A Socket.IO client that keeps the messages it receives, in their order."""

import asyncio
import threading
from collections.abc import Coroutine
from functools import cache
from typing import Any, TypeVar

import socketio

from accounts.access_tokens import issue_access_token
from accounts.models import User

T = TypeVar("T")
PATIENCE = 60


def token(user: User) -> str:
    return issue_access_token(user.as_actor())


@cache
def event_loop() -> asyncio.AbstractEventLoop:
    """One loop for all clients. The threaded client would start a thread for each message, and they could overtake."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="socketio-clients", daemon=True).start()
    return loop


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run_coroutine_threadsafe(work, event_loop()).result(PATIENCE)


class SocketIOClient:
    """Reconnects by itself, with the last seq that it received."""

    def __init__(self, url: str, user: User, transport: str = "websocket", **auth: Any) -> None:
        self.received: list[tuple[str, Any]] = []
        self.client = socketio.AsyncClient(reconnection_delay=0.2, reconnection_delay_max=1)
        self.client.on("*", lambda event, data: self.received.append((event, data)))
        self.token, self.first_auth = token(user), auth
        run(self._connect(url, transport))

    async def _connect(self, url: str, transport: str) -> None:
        try:
            await self.client.connect(url, auth=self._auth, transports=[transport], wait_timeout=20)
        except socketio.exceptions.ConnectionError:
            await close_http_session(self.client)
            raise

    def _auth(self) -> dict[str, Any]:
        seqs = self.seqs()
        return {"token": self.token, **self.first_auth, **({"lastSeq": seqs[-1]} if seqs else {})}

    @property
    def is_connected(self) -> bool:
        return bool(self.client.connected)

    def call(self, event: str, payload: object) -> Any:
        """Send a message and return its acknowledgement."""
        return run(self.client.call(event, payload))

    def of_type(self, message_type: str) -> list[Any]:
        return [data for event, data in self.received if event == message_type]

    def seqs(self) -> list[int]:
        """Return the seqs of the notifications, in the order of their arrival."""
        return [data["seq"] for event, data in self.received if event != "ready" and "seq" in data]

    def bookings(self) -> list[str]:
        return [data["data"]["bookingId"] for event, data in self.received if event == "booking.created"]

    def close(self) -> None:
        """Abort the connection: a regular disconnect over long-polling would wait for the running poll."""
        run(self._close())

    async def _close(self) -> None:
        self.client.reconnection = False
        await self.client.eio.disconnect(abort=True)
        await self.client.shutdown()
        await close_http_session(self.client)


async def close_http_session(client: socketio.AsyncClient) -> None:
    """Close what the client leaves open after a failed connect."""
    if client.eio.http:
        await client.eio.http.close()


def is_refused(url: str, auth: object) -> bool:
    """Tell whether the server refuses a connect with this ``auth``."""
    return run(_is_refused(url, auth))


async def _is_refused(url: str, auth: object) -> bool:
    client = socketio.AsyncClient(reconnection=False)
    try:
        await client.connect(url, auth=auth, transports=["websocket"], wait_timeout=10)
    except socketio.exceptions.ConnectionError:
        return True
    finally:
        await client.disconnect()
        await close_http_session(client)
    return False
