"""From a booking over HTTP through a worker process to the organizer's system."""

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


def test_a_booking_is_delivered_and_redelivered_on_request(
    stack: Stack, event: Event, organizer: User, customer: User, receiver: Receiver
):
    body = {"url": f"{receiver.url}/hook", "eventTypes": ["booking.created"]}
    webhook = call(stack, organizer, "POST", URL, body)
    booking = stack.book(event, customer, qty=2)

    (request,) = eventually(lambda: receiver.requests)

    assert documented_check()(webhook["secret"], request.headers["X-BoxOffice-Signature"], request.body.encode())
    assert booking["id"] in request.body
    log = f"{URL}/{webhook['id']}/deliveries"
    (delivery,) = eventually(
        lambda: [one for one in call(stack, organizer, "GET", log)["results"] if one["status"] == "DELIVERED"]
    )
    call(stack, organizer, "POST", f"{log}/{delivery['id']}/redeliver")
    eventually(lambda: len(receiver.requests) == 2)
    assert receiver.requests[1].body == request.body
