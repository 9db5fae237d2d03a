"""Receivers of webhooks, and the pools that send to them."""

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from realtime.webhooks.pools import DeliveryPools, schedule_due
from realtime.webhooks.sender import send_next
from tests.support.webhook_receiver import Receiver


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
def receiver(make_receiver: Callable[..., Receiver]) -> Receiver:
    return make_receiver()


@pytest.fixture
def name_server(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """The addresses of hosts: each lookup gets the next one, and then always the last."""
    hosts: dict[str, list[str]] = {}
    real = socket.getaddrinfo

    def look_up(host: Any, port: Any, *args: Any, **options: Any) -> Any:
        if host not in hosts:
            return real(host, port, *args, **options)
        address = hosts[host].pop(0) if len(hosts[host]) > 1 else hosts[host][0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return hosts


@pytest.fixture
def private_allowed(settings: Any) -> None:
    """Receivers of tests listen on this machine."""
    settings.WEBHOOK_ALLOW_PRIVATE = True


@pytest.fixture
def pools() -> Iterator[DeliveryPools]:
    """The pools of a worker."""
    pools = DeliveryPools(send_next)
    yield pools
    pools.stop()
    pools.wait_until_idle()


@pytest.fixture
def send_due(pools: DeliveryPools) -> Callable[[], None]:
    """Send what is due and wait for the end of it."""

    def send_and_wait() -> None:
        schedule_due(pools)
        assert pools.wait_until_idle()

    return send_and_wait
