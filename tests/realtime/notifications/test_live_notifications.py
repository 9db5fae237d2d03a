"""A booking over HTTP is sent to its organizer's open socket."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
import requests

from accounts import blocking
from accounts.models import User
from config.core.clock import now
from events.models import Event
from realtime.models import Notification
from tests.support.socketio_client import is_refused, token
from tests.support.stack import Stack
from tests.support.waiting import eventually

pytestmark = pytest.mark.processes
NODE = Path(__file__).parents[2] / "support" / "node"


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_the_organizer_gets_a_booking(stack: Stack, event: Event, organizer: User, customer: User, connect, transport):
    client = connect(organizer, transport=transport)
    eventually(lambda: client.received)

    booking = stack.book(event, customer, qty=2)

    ready, notification = eventually(lambda: len(client.received) == 2 and client.received)
    assert ready == ("ready", {"userId": organizer.id, "role": "ORGANIZER", "seq": 0})
    assert notification == (
        "booking.created",
        {
            "seq": 1,
            "createdAt": booking["createdAt"],
            "data": {
                "bookingId": booking["id"],
                "eventId": event.id,
                "eventTitle": "Jazz Night",
                "qty": 2,
                "amount": "50.00",
                "customerName": "Carl Customer",
                "availableSeats": 8,
            },
        },
    )


def test_nobody_else_gets_it(stack: Stack, event: Event, organizer: User, stranger: User, customer: User, connect):
    owner, others = connect(organizer), [connect(stranger), connect(customer)]

    stack.book(event, customer)

    eventually(owner.bookings)
    assert [[event for event, _ in other.received] for other in others] == [["ready"], ["ready"]]


def test_seq_rises_by_one_for_each_notification(stack: Stack, event: Event, organizer: User, customer: User, connect):
    client = connect(organizer)
    for _ in range(5):
        stack.book(event, customer)

    eventually(lambda: len(client.bookings()) == 5)

    assert client.seqs() == [1, 2, 3, 4, 5]
    assert list(Notification.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3, 4, 5]


def test_ready_has_the_seq_of_the_newest_notification(
    stack: Stack, event: Event, organizer: User, customer: User, connect
):
    stack.book(event, customer)
    eventually(lambda: Notification.objects.filter(recipient=organizer.id).count() == 1)

    client = connect(organizer)

    assert eventually(lambda: client.received)[0][1]["seq"] == 1


NO_TOKEN = [None, {}, {"token": ""}, {"token": "x"}, {"token": ["a"]}, {"token": {"a": 1}}, ["x"], "x"]


@pytest.mark.parametrize("auth", [*NO_TOKEN, {"token": "t" * 9000}])
def test_a_client_without_a_valid_token_is_refused(stack: Stack, auth: object):
    assert is_refused(stack.url, auth)


def test_a_blocked_user_is_refused(stack: Stack, organizer: User):
    good = token(organizer)
    blocking.block(user_id=organizer.id, now=now())
    eventually(lambda: stack.get("/api/notifications", good).status_code == 401)

    assert is_refused(stack.url, {"token": good})


@pytest.fixture(scope="session")
def javascript_client() -> list[str]:
    """The command of the JavaScript client, socket.io-client 4.x under Node."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        pytest.skip("the JavaScript client needs Node.js and npm, which are not on PATH")
    subprocess.run([npm, "ci", "--no-audit", "--no-fund", "--silent"], cwd=NODE, check=True, capture_output=True)
    return [node, str(NODE / "listen.js")]


def test_the_javascript_client_gets_it_too(
    stack: Stack, event: Event, organizer: User, customer: User, javascript_client: list[str]
):
    client = subprocess.Popen([*javascript_client, stack.url, token(organizer)], stdout=subprocess.PIPE, text=True)
    assert client.stdout is not None
    ready = json.loads(client.stdout.readline())

    booking = stack.book(event, customer)

    notification = json.loads(client.stdout.readline())
    client.terminate()
    client.communicate()
    assert ready == {"event": "ready", "data": {"userId": organizer.id, "role": "ORGANIZER", "seq": 0}}
    assert (notification["event"], notification["data"]["data"]["bookingId"]) == ("booking.created", booking["id"])


def test_the_javascript_client_is_refused_with_a_bad_token(stack: Stack, javascript_client: list[str]):
    done = subprocess.run([*javascript_client, stack.url, "x"], capture_output=True, text=True, check=True, timeout=60)

    assert json.loads(done.stdout) == {"event": "refused", "data": "unauthorized"}


def test_a_page_of_another_origin_cannot_connect(stack: Stack):
    response = requests.get(
        f"{stack.url}/socket.io/?EIO=4&transport=polling", headers={"Origin": "https://evil.example"}, timeout=10
    )

    assert response.status_code == 400
    assert "Access-Control-Allow-Origin" not in response.headers
