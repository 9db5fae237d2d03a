"""One running product for each file of tests."""

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from accounts.models import User
from realtime.webhooks.pools import DeliveryPools, send_due
from realtime.webhooks.sender import send_next
from tests.support.socketio_client import Listener
from tests.support.stack import Stack
from tests.support.webhook_receiver import Receiver


@pytest.fixture(scope="module")
def running_stack(migrated: None, django_db_blocker) -> Iterator[Stack]:
    stack = Stack()
    yield stack
    stack.stop()


@pytest.fixture
def stack(running_stack: Stack) -> Stack:
    running_stack.mail.mails.clear()
    return running_stack


@pytest.fixture
def listen(stack: Stack) -> Iterator[Callable[..., Listener]]:
    """Connect as a user; disconnected after the test."""
    listeners: list[Listener] = []

    def connect(user: User, **options: Any) -> Listener:
        listeners.append(Listener(stack.url, user, **options))
        return listeners[-1]

    yield connect
    for listener in listeners:
        listener.close()


@pytest.fixture
def make_receiver() -> Iterator[Callable[..., Receiver]]:
    receivers: list[Receiver] = []

    def make(**options: Any) -> Receiver:
        receivers.append(Receiver(**options))
        return receivers[-1]

    yield make
    for receiver in receivers:
        receiver.close()


@pytest.fixture
def name_server(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Hosts and what their name server answers: one address a question, the last one for good."""
    hosts: dict[str, list[str]] = {}
    real = socket.getaddrinfo

    def answer(host: Any, port: Any, *args: Any, **options: Any) -> Any:
        if host not in hosts:
            return real(host, port, *args, **options)
        address = hosts[host].pop(0) if len(hosts[host]) > 1 else hosts[host][0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return hosts


@pytest.fixture
def private_allowed(settings: Any) -> None:
    """The receivers of these tests live on this machine."""
    settings.WEBHOOK_ALLOW_PRIVATE = True


@pytest.fixture
def receiver(make_receiver: Callable[..., Receiver]) -> Receiver:
    return make_receiver()


@pytest.fixture
def lanes() -> Iterator[DeliveryPools]:
    """A worker."""
    worker = DeliveryPools(send_next)
    yield worker
    worker.stop()
    worker.finish()


@pytest.fixture
def send(lanes: DeliveryPools) -> Callable[[], None]:
    """Have the worker send what is due, and wait until it is done."""

    def send_and_wait() -> None:
        send_due(lanes)
        assert lanes.finish()

    return send_and_wait
