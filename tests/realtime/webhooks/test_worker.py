"""From a booking over HTTP through the real worker to a partner's system."""

from typing import Any

import pytest
import requests

from accounts.models import User
from events.models import Event
from tests.support.socketio_client import token
from tests.support.stack import Stack
from tests.support.waiting import eventually
from tests.support.webhook_owner import URL, documented_check
from tests.support.webhook_receiver import Receiver

pytestmark = pytest.mark.processes


def call(stack: Stack, user: User, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token(user)}"}
    response = requests.request(method, f"{stack.url}{path}", json=body, headers=headers, timeout=30)
    assert response.ok, response.text
    return dict(response.json())


def test_a_booking_arrives_once_and_again_when_asked_for(
    stack: Stack, event: Event, organizer: User, customer: User, receiver: Receiver
):
    body = {"url": f"{receiver.url}/hook", "eventTypes": ["booking.created"]}
    webhook = call(stack, organizer, "POST", URL, body)
    booking = stack.book(event, customer, qty=2)

    (got,) = eventually(lambda: receiver.got)

    assert documented_check()(webhook["secret"], got.headers["X-BoxOffice-Signature"], got.body.encode())
    assert booking["id"] in got.body
    log = f"{URL}/{webhook['id']}/deliveries"
    (delivery,) = eventually(
        lambda: [one for one in call(stack, organizer, "GET", log)["results"] if one["status"] == "DELIVERED"]
    )
    call(stack, organizer, "POST", f"{log}/{delivery['id']}/redeliver")
    eventually(lambda: len(receiver.got) == 2)
    assert receiver.got[1].body == got.body
