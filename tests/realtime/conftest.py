"""Socket.IO clients of a running product."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from accounts.models import User
from tests.support.socketio_client import SocketIOClient
from tests.support.stack import Stack


@pytest.fixture
def connect(stack: Stack) -> Iterator[Callable[..., SocketIOClient]]:
    """Connect as a user; closed after the test."""
    clients: list[SocketIOClient] = []

    def connect_as(user: User, **options: Any) -> SocketIOClient:
        clients.append(SocketIOClient(stack.url, user, **options))
        return clients[-1]

    yield connect_as
    for client in clients:
        client.close()
