"""Plain WebSockets of a running product."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.stack import Stack
from tests.support.websocket_client import WebSocketClient


@pytest.fixture
def open_websocket(stack: Stack) -> Iterator[Callable[..., WebSocketClient]]:
    """Open a WebSocket at a path; closed after the test."""
    clients: list[WebSocketClient] = []

    def open_at(path: str, **options: Any) -> WebSocketClient:
        clients.append(WebSocketClient(stack, path, **options))
        return clients[-1]

    yield open_at
    for client in clients:
        client.close()
