"""A plain WebSocket, as a page without a client library opens it."""

import json
import threading
import time
from contextlib import ExitStack
from typing import Any

import websockets.sync.client
from websockets.exceptions import ConnectionClosed

from tests.support.stack import Stack


class WebSocketClient:
    def __init__(self, stack: Stack, path: str, **options: Any) -> None:
        url = stack.url.replace("http", "ws") + path
        self.opened = ExitStack()
        self.socket = self.opened.enter_context(websockets.sync.client.connect(url, open_timeout=20, **options))
        self.received: list[tuple[float, dict[str, Any]]] = []  # each with the moment of its arrival
        self.close_code = 0
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        try:
            for text in self.socket:
                self.received.append((time.monotonic(), json.loads(text)))
        except ConnectionClosed:
            pass
        self.close_code = self.socket.close_code or 0

    def messages(self) -> list[dict[str, Any]]:
        return [message for _, message in self.received]

    def send(self, message: object) -> None:
        self.socket.send(json.dumps(message))

    def close(self) -> None:
        self.opened.close()
        self.reader.join(10)
