"""What a page without a library hears: a plain WebSocket."""

import json
import threading
import time
from contextlib import ExitStack
from typing import Any

import websockets.sync.client
from websockets.exceptions import ConnectionClosed

from tests.support.stack import Stack


class Page:
    """A page with a plain WebSocket."""

    def __init__(self, stack: Stack, path: str, **options: Any) -> None:
        url = stack.url.replace("http", "ws") + path
        self.opened = ExitStack()
        self.socket = self.opened.enter_context(websockets.sync.client.connect(url, open_timeout=20, **options))
        self.heard: list[tuple[float, dict[str, Any]]] = []
        self.code = 0
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        try:
            for text in self.socket:
                self.heard.append((time.monotonic(), json.loads(text)))
        except ConnectionClosed:
            pass
        self.code = self.socket.close_code or 0

    def messages(self) -> list[dict[str, Any]]:
        return [message for _, message in self.heard]

    def say(self, message: object) -> None:
        self.socket.send(json.dumps(message))

    def close(self) -> None:
        self.opened.close()
        self.reader.join(10)
