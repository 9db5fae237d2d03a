"""A client that loses its connection again and again gets every booking in the end: in order, each once.

The full size: ``BOOKINGS=2000 BREAKS=50 make test ARGS=tests/realtime/sockets/test_lost_connections.py``.
"""

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import requests
import socketio

from accounts.models import User
from config.launcher import commands
from config.launcher.ports import free_port
from config.launcher.processes import Child
from config.launcher.readiness import wait_ready
from events.models import Event
from tests.support import factories
from tests.support.seat_ledger import findings
from tests.support.socketio_client import SocketIOClient, token
from tests.support.stack import Stack
from tests.support.waiting import eventually

pytestmark = [pytest.mark.processes, pytest.mark.timeout(600)]
BOOKINGS, BREAKS = int(os.environ.get("BOOKINGS", "240")), int(os.environ.get("BREAKS", "12"))
THREADS = 4
PATIENCE = 120.0


@pytest.fixture
def large_event(organizer: User) -> Event:
    return factories.make_published_event(organizer, total_seats=BOOKINGS)


@pytest.fixture
def realtime(stack: Stack) -> Iterator[Child]:
    """A realtime process apart from the one that serves bookings, so that it can be killed alone."""
    assert stack.web.env is not None
    port = free_port()
    child = commands.realtime(stack.web.env, host="127.0.0.1", port=port)
    child.log = stack.directory / "realtime.log"
    child.start()
    try:
        wait_ready(f"{url_of(child)}/healthz", child)
        yield child
    finally:
        child.stop()


def url_of(child: Child) -> str:
    return f"http://127.0.0.1:{child.command[child.command.index('--port') + 1]}"


class FlakyClient:
    """A client that loses its connection, and sends its last seq when it reconnects."""

    def __init__(self, stack: Stack, url: str, user: User) -> None:
        self.stack, self.url, self.user = stack, url, user
        self.notifications: list[tuple[int, str]] = []
        self.client: SocketIOClient | None = None

    def connect_for(self, seconds: float) -> None:
        if self.connect():
            time.sleep(seconds)
            self.disconnect()

    def connect(self) -> bool:
        """Return False if no server accepts the connection."""
        try:
            self.client = SocketIOClient(self.url, self.user, lastSeq=self.last_seq)
        except socketio.exceptions.ConnectionError:
            time.sleep(0.2)
            return False
        return True

    @property
    def last_seq(self) -> int:
        return self.notifications[-1][0] if self.notifications else 0

    def newest(self) -> int:
        """Return the last seq that this connection brought or announced."""
        received = self.client.received if self.client else []
        seqs = [data.get("toSeq") or data.get("seq", 0) for message_type, data in received if message_type != "ready"]
        return int(max(seqs, default=self.last_seq))

    def disconnect(self) -> None:
        """Abort the connection, and keep the notifications that came over it."""
        assert self.client is not None
        self.client.close()
        for message_type, data in self.client.received:
            if message_type == "notifications.skipped":
                self.notifications += self.read(data["fromSeq"], data["toSeq"])
            elif message_type == "booking.created":
                self.notifications.append((data["seq"], data["data"]["bookingId"]))

    def read(self, first: int, last: int) -> Iterator[tuple[int, str]]:
        """Read over REST what the socket skipped."""
        after = first - 1
        while after < last:
            page = self.stack.get(f"/api/notifications?after={after}&pageSize=100", token(self.user)).json()["results"]
            yield from ((one["seq"], one["data"]["bookingId"]) for one in page if one["seq"] <= last)
            after = page[-1]["seq"]


class ConcurrentBookings:
    """Bookings of one seat each, made in several threads."""

    def __init__(self, stack: Stack, event: Event, customer: User) -> None:
        self.stack, self.event, self.customer = stack, event, customer
        self.booked: list[str] = []
        self.threads = [threading.Thread(target=self.book, args=(BOOKINGS // THREADS,)) for _ in range(THREADS)]

    def book(self, count: int) -> None:
        body = {"eventId": self.event.id, "qty": 1}
        with requests.Session() as session:
            session.headers["Authorization"] = f"Bearer {token(self.customer)}"
            for _ in range(count):
                response = session.post(f"{self.stack.url}/api/bookings", json=body, timeout=30)
                assert response.status_code == 201, response.text
                self.booked.append(response.json()["id"])

    def wait_for(self, fraction: float) -> None:
        eventually(lambda: len(self.booked) >= fraction * BOOKINGS, seconds=PATIENCE)

    def __enter__(self) -> "ConcurrentBookings":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for thread in self.threads:
            thread.join()


def lose_connections(client: FlakyClient, bookings: ConcurrentBookings) -> None:
    """Connect and disconnect at random moments while bookings are made."""
    chance = random.Random(7)  # noqa: S311 - not a secret
    for number in range(BREAKS):
        bookings.wait_for(number / BREAKS)
        client.connect_for(chance.uniform(0.02, 0.3))


def receive_the_rest(client: FlakyClient) -> None:
    eventually(client.connect, seconds=PATIENCE)
    eventually(lambda: client.newest() == BOOKINGS, seconds=PATIENCE)
    client.disconnect()


def assert_complete(client: FlakyClient, bookings: ConcurrentBookings) -> None:
    assert [seq for seq, _ in client.notifications] == list(range(1, BOOKINGS + 1))
    assert sorted(booking for _, booking in client.notifications) == sorted(bookings.booked)
    assert findings() == []


def test_no_booking_is_lost_when_connections_break(stack: Stack, large_event: Event, organizer: User, customer: User):
    client = FlakyClient(stack, stack.url, organizer)

    with ConcurrentBookings(stack, large_event, customer) as bookings:
        lose_connections(client, bookings)
    receive_the_rest(client)

    assert_complete(client, bookings)


def kill(child: Child) -> None:
    child.ask_to_stop(signal.SIGKILL)
    child.wait_stopped()


def test_no_booking_is_lost_when_processes_are_killed(
    stack: Stack, large_event: Event, organizer: User, customer: User, realtime: Child
):
    """The worker, Valkey and the realtime process are killed and restarted while the client loses its connection."""
    client = FlakyClient(stack, url_of(realtime), organizer)
    assert stack.valkey.child is not None
    victims: list[tuple[Child, Callable[[], None]]] = [
        (stack.worker, stack.worker.start),
        (stack.valkey.child, stack.valkey.start),
        (realtime, realtime.start),
    ]

    with ConcurrentBookings(stack, large_event, customer) as bookings:
        breaks = threading.Thread(target=lose_connections, args=(client, bookings))
        breaks.start()
        for number, (victim, restart) in enumerate(victims, start=1):  # children live as long as their thread
            bookings.wait_for(number / (len(victims) + 1))
            kill(victim)
            restart()
        breaks.join()
    receive_the_rest(client)

    assert_complete(client, bookings)
