"""Socket.IO in this process, called over long-polling without a network: what a client of no manners may say."""

import json
from typing import Any

from realtime.sockets.socketio_server import server

SEPARATOR, CLOSE = "\x1e", "1"  # between packets of one answer; the transport's good-bye


class Transport:
    """One Engine.IO connection. To be used inside one event loop."""

    def __init__(self, address: str = "203.0.113.1") -> None:
        self.address, self.sid, self.status = address, "", 0

    async def open(self) -> "Transport":
        answer = await self._request("GET", "")
        if self.status == 200:
            self.sid = json.loads(answer[1:])["sid"]
        return self

    async def say(self, packet: str) -> None:
        await self._request("POST", packet)

    async def hear(self) -> list[str]:
        """Return the packets that wait, as soon as there is one; none where the connection has ended."""
        answer = await self._request("GET", "")
        return [packet for packet in answer.split(SEPARATOR) if packet != CLOSE] if self.status == 200 else []

    async def _request(self, method: str, body: str) -> str:
        sent: list[dict[str, Any]] = []
        query = "EIO=4&transport=polling" + (f"&sid={self.sid}" if self.sid else "")

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body.encode(), "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await server.eio.handle_request(self._scope(method, query, len(body.encode())), receive, send)
        self.status = sent[0]["status"]
        return b"".join(message.get("body", b"") for message in sent[1:]).decode()

    def _scope(self, method: str, query: str, length: int) -> dict[str, Any]:
        headers = [(b"host", b"127.0.0.1"), (b"content-length", str(length).encode())]
        where = {"path": "/socket.io/", "query_string": query.encode(), "client": (self.address, 1)}
        return {"type": "http", "method": method, "headers": headers, **where}
