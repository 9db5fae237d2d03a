"""Socket.IO packets over long-polling, without a network: also packets that no Socket.IO client would send."""

import json
from typing import Any

from realtime.sockets.socketio_server import server

SEPARATOR, CLOSE = "\x1e", "1"  # between the packets of one response; the packet that closes the transport


class PollingTransport:
    """One Engine.IO connection. To be used inside one event loop."""

    def __init__(self, address: str = "203.0.113.1") -> None:
        self.address, self.sid, self.status = address, "", 0

    async def open(self) -> "PollingTransport":
        response = await self._request("GET", "")
        if self.status == 200:
            self.sid = json.loads(response[1:])["sid"]
        return self

    async def send(self, packet: str) -> None:
        await self._request("POST", packet)

    async def receive(self) -> list[str]:
        """Return the next packets as soon as there are any; none if the connection is closed."""
        response = await self._request("GET", "")
        return [packet for packet in response.split(SEPARATOR) if packet != CLOSE] if self.status == 200 else []

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
        target = {"path": "/socket.io/", "query_string": query.encode(), "client": (self.address, 1)}
        return {"type": "http", "method": method, "headers": headers, **target}
