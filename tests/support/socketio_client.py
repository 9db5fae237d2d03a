"""A Socket.IO client that keeps what it hears, in the order of hearing."""

import asyncio
import threading
from collections.abc import Coroutine
from functools import cache
from typing import Any, TypeVar

import socketio

from accounts.models import User
from accounts.tokens import issue_access_token

T = TypeVar("T")
PATIENCE = 60


def token(user: User) -> str:
    return issue_access_token(user.as_actor())


@cache
def loop() -> asyncio.AbstractEventLoop:
    """One event loop for all clients: the client that works with threads starts one for each message, in any order."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="socket-clients", daemon=True).start()
    return loop


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run_coroutine_threadsafe(work, loop()).result(PATIENCE)


class Listener:
    """Reconnects by itself, saying the last seq that it has."""

    def __init__(self, url: str, user: User, transport: str = "websocket", **auth: Any) -> None:
        self.heard: list[tuple[str, Any]] = []
        self.client = socketio.AsyncClient(reconnection_delay=0.2, reconnection_delay_max=1)
        self.client.on("*", lambda event, data: self.heard.append((event, data)))
        self.token, self.first = token(user), auth
        run(self._connect(url, transport))

    async def _connect(self, url: str, transport: str) -> None:
        try:
            await self.client.connect(url, auth=self._auth, transports=[transport], wait_timeout=20)
        except socketio.exceptions.ConnectionError:
            await close_session(self.client)
            raise

    def _auth(self) -> dict[str, Any]:
        seqs = self.notifications()
        return {"token": self.token, **self.first, **({"lastSeq": seqs[-1]} if seqs else {})}

    @property
    def is_connected(self) -> bool:
        return bool(self.client.connected)

    def call(self, event: str, payload: object) -> Any:
        """Send a message and return what it is acknowledged with."""
        return run(self.client.call(event, payload))

    def of(self, kind: str) -> list[Any]:
        """Return the messages of a type."""
        return [data for event, data in self.heard if event == kind]

    def notifications(self) -> list[int]:
        """Return the seqs heard, in the order of hearing."""
        return [data["seq"] for event, data in self.heard if event != "ready" and "seq" in data]

    def bookings(self) -> list[str]:
        return [data["data"]["bookingId"] for event, data in self.heard if event == "booking.created"]

    def close(self) -> None:
        """Leave at once, as a torn line does: a polite good-bye over long-polling waits for the poll under way."""
        run(self._close())

    async def _close(self) -> None:
        self.client.reconnection = False
        await self.client.eio.disconnect(abort=True)
        await self.client.shutdown()
        await close_session(self.client)


async def close_session(client: socketio.AsyncClient) -> None:
    """The client leaves its HTTP session open where it did not get through."""
    if client.eio.http:
        await client.eio.http.close()


def is_refused(url: str, auth: object) -> bool:
    """Tell whether a Socket.IO client with this ``auth`` is not let in."""
    return run(_is_refused(url, auth))


async def _is_refused(url: str, auth: object) -> bool:
    client = socketio.AsyncClient(reconnection=False)
    try:
        await client.connect(url, auth=auth, transports=["websocket"], wait_timeout=10)
    except socketio.exceptions.ConnectionError:
        return True
    finally:
        await client.disconnect()
        await close_session(client)
    return False
