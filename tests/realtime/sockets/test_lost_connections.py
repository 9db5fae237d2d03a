"""A client whose line is torn again and again has every booking in the end: in order, each once.

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
from tests.support.socketio_client import Listener, token
from tests.support.stack import Stack
from tests.support.waiting import eventually

pytestmark = [pytest.mark.processes, pytest.mark.timeout(600)]
BOOKINGS, BREAKS = int(os.environ.get("BOOKINGS", "240")), int(os.environ.get("BREAKS", "12"))
CLERKS = 4
PATIENCE = 120.0


@pytest.fixture
def event(organizer: User) -> Event:
    return factories.make_published_event(organizer, total_seats=BOOKINGS)


@pytest.fixture
def realtime(stack: Stack) -> Iterator[Child]:
    """A realtime process apart from the one that takes bookings, so that it can die alone."""
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


class Flaky:
    """A client that is cut off, and comes back saying what it has."""

    def __init__(self, stack: Stack, url: str, user: User) -> None:
        self.stack, self.url, self.user = stack, url, user
        self.got: list[tuple[int, str]] = []
        self.listener: Listener | None = None

    def stay(self, seconds: float) -> None:
        """Connect, listen for a while, and be cut off."""
        if self.connect():
            time.sleep(seconds)
            self.cut_off()

    def connect(self) -> bool:
        """Return whether anybody was there to take the connection."""
        try:
            self.listener = Listener(self.url, self.user, lastSeq=self.got[-1][0] if self.got else 0)
        except socketio.exceptions.ConnectionError:
            time.sleep(0.2)
            return False
        return True

    def newest(self) -> int:
        """Return the last seq that this connection brought, or told of."""
        heard = self.listener.heard if self.listener else []
        told = [data.get("toSeq") or data.get("seq", 0) for kind, data in heard if kind != "ready"]
        return int(max(told, default=self.got[-1][0] if self.got else 0))

    def cut_off(self) -> None:
        """Tear the line, and keep what came over it."""
        assert self.listener is not None
        self.listener.close()
        for kind, data in self.listener.heard:
            if kind == "notifications.skipped":
                self.got += self.read(data["fromSeq"], data["toSeq"])
            elif kind == "booking.created":
                self.got.append((data["seq"], data["data"]["bookingId"]))

    def read(self, first: int, last: int) -> Iterator[tuple[int, str]]:
        """Read over REST what the socket skipped."""
        after = first - 1
        while after < last:
            page = self.stack.get(f"/api/notifications?after={after}&pageSize=100", token(self.user)).json()["results"]
            yield from ((one["seq"], one["data"]["bookingId"]) for one in page if one["seq"] <= last)
            after = page[-1]["seq"]


class Sale:
    """Customers who book in threads of their own, one seat each time."""

    def __init__(self, stack: Stack, event: Event, customer: User) -> None:
        self.stack, self.event, self.customer = stack, event, customer
        self.booked: list[str] = []
        self.threads = [threading.Thread(target=self.book, args=(BOOKINGS // CLERKS,)) for _ in range(CLERKS)]

    def book(self, count: int) -> None:
        body = {"eventId": self.event.id, "qty": 1}
        with requests.Session() as session:
            session.headers["Authorization"] = f"Bearer {token(self.customer)}"
            for _ in range(count):
                response = session.post(f"{self.stack.url}/api/bookings", json=body, timeout=30)
                assert response.status_code == 201, response.text
                self.booked.append(response.json()["id"])

    def wait_for(self, share: float) -> None:
        eventually(lambda: len(self.booked) >= share * BOOKINGS, seconds=PATIENCE)

    def __enter__(self) -> "Sale":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for thread in self.threads:
            thread.join()


def take_breaks(flaky: Flaky, sale: Sale) -> None:
    """Be cut off at random moments, spread over the whole sale."""
    dice = random.Random(7)  # noqa: S311 - a test's dice
    for number in range(BREAKS):
        sale.wait_for(number / BREAKS)
        flaky.stay(dice.uniform(0.02, 0.3))


def hear_the_rest(flaky: Flaky) -> None:
    eventually(flaky.connect, seconds=PATIENCE)
    eventually(lambda: flaky.newest() == BOOKINGS, seconds=PATIENCE)
    flaky.cut_off()


def assert_complete(flaky: Flaky, sale: Sale) -> None:
    assert [seq for seq, _ in flaky.got] == list(range(1, BOOKINGS + 1))
    assert sorted(booking for _, booking in flaky.got) == sorted(sale.booked)
    assert findings() == []


def test_cut_off_at_random(stack: Stack, event: Event, organizer: User, customer: User):
    flaky = Flaky(stack, stack.url, organizer)

    with Sale(stack, event, customer) as sale:
        take_breaks(flaky, sale)
    hear_the_rest(flaky)

    assert_complete(flaky, sale)


def kill(child: Child) -> None:
    child.ask_to_stop(signal.SIGKILL)
    child.wait_stopped()


def test_cut_off_while_worker_redis_and_realtime_die(
    stack: Stack, event: Event, organizer: User, customer: User, realtime: Child
):
    """Each is killed and started again while bookings go on and the client comes and goes."""
    flaky = Flaky(stack, url_of(realtime), organizer)
    assert stack.valkey.child is not None
    victims: list[tuple[Child, Callable[[], None]]] = [
        (stack.worker, stack.worker.start),
        (stack.valkey.child, stack.valkey.start),
        (realtime, realtime.start),
    ]

    with Sale(stack, event, customer) as sale:
        breaks = threading.Thread(target=take_breaks, args=(flaky, sale))
        breaks.start()
        for number, (victim, start_again) in enumerate(victims, start=1):  # children live as long as their thread
            sale.wait_for(number / (len(victims) + 1))
            kill(victim)
            start_again()
        breaks.join()
    hear_the_rest(flaky)

    assert_complete(flaky, sale)
