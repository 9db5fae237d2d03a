"""What people come for, from end to end, on the whole product as processes: one story each."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from journal.models import Entry
from tests.support.factories import NEXT_YEAR, PASSWORD
from tests.support.stack import Stack
from tests.support.waiting import eventually

ADMIN_TOKEN = "walkthrough-" + "a" * 40
pytestmark = [
    pytest.mark.processes,
    pytest.mark.timeout(240),
    pytest.mark.stack_settings(ADMIN_CREATION_TOKEN=ADMIN_TOKEN),
]
JAZZ = {"title": "Jazz Night", "date": NEXT_YEAR.isoformat(), "city": "Pune", "price": "25.00", "totalSeats": 3}


class Person:
    """Somebody with an account, who calls the API over HTTP."""

    def __init__(self, url: str, account: dict[str, Any]) -> None:
        self.url, self.token, self.email = url, account["token"], account["user"]["email"]

    def call(self, method: str, path: str, body: object = None) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return requests.request(method, f"{self.url}/api{path}", json=body, headers=headers, timeout=30)

    def get(self, path: str) -> Any:
        response = self.call("GET", path)
        assert response.status_code == 200, response.text
        return response.json()

    def post(self, path: str, body: object = None, *, status: int = 201) -> Any:
        response = self.call("POST", path, body)
        assert response.status_code == status, response.text
        return response.json() if response.content else None


@pytest.fixture
def sign_up(stack: Stack) -> Callable[[str, str], Person]:
    def register(name: str, role: str) -> Person:
        body = {"name": name, "email": f"{name.lower()}@example.com", "password": PASSWORD, "role": role}
        response = requests.post(f"{stack.url}/api/auth/register", json=body, timeout=30)
        assert response.status_code == 201, response.text
        return Person(stack.url, response.json())

    return register


def publish(organizer: Person, **fields: Any) -> str:
    event_id = str(organizer.post("/events", {**JAZZ, **fields})["id"])
    organizer.post(f"/events/{event_id}/publish", status=200)
    return event_id


def subjects(stack: Stack, person: Person) -> list[str]:
    return [str(mail["Subject"]) for mail in stack.mail.mails if mail["To"] == person.email]


def logged(event_id: str) -> list[str]:
    """Return what the event log says of an event."""
    lines = [json.loads(line) for line in Path(os.environ["EVENT_LOG"]).read_text().splitlines()]
    return [line["event"] for line in lines if event_id in (line["data"]["id"], line["data"].get("eventId"))]


def test_an_event_from_its_draft_to_its_log(stack: Stack, sign_up: Callable[[str, str], Person]):
    olga, carl, clara = sign_up("Olga", "ORGANIZER"), sign_up("Carl", "CUSTOMER"), sign_up("Clara", "CUSTOMER")
    event_id = publish(olga)
    carl.post("/events", JAZZ, status=403)
    assert carl.get(f"/events/{event_id}")["availableSeats"] == 3

    carl.post("/bookings", {"eventId": event_id, "qty": 2})
    clara.post(f"/events/{event_id}/book", {"qty": 1})
    assert clara.post("/bookings", {"eventId": event_id, "qty": 1}, status=409)["code"] == "sold_out"
    assert (
        requests.post(f"{stack.url}/api/bookings", json={"eventId": event_id, "qty": 1}, timeout=30).status_code == 401
    )
    assert olga.call("PATCH", f"/events/{event_id}", {"venue": "Harbour Stage"}).status_code == 200

    for guest in (carl, clara):
        eventually(lambda: "Jazz Night has changed" in subjects(stack, guest))  # noqa: B023 - called at once
        (note,) = eventually(lambda: guest.get("/notifications")["results"])  # noqa: B023 - called at once
        assert (note["type"], note["data"]["changes"]) == (
            "event.updated",
            {"venue": {"old": "", "new": "Harbour Stage"}},
        )
    assert [note["type"] for note in olga.get("/notifications")["results"]] == ["booking.created"] * 2
    expected = ["event.created", "event.published", "booking.created", "booking.created", "event.updated"]
    eventually(lambda: sorted(logged(event_id)) == sorted(expected))


def test_waiting_for_a_seat_until_one_comes_free(stack: Stack, sign_up: Callable[[str, str], Person]):
    olga, carl, clara, chen = (
        sign_up(name, role)
        for name, role in (("Oda", "ORGANIZER"), ("Cem", "CUSTOMER"), ("Cleo", "CUSTOMER"), ("Chen", "CUSTOMER"))
    )
    event_id = publish(olga, totalSeats=1)
    booking = carl.post("/bookings", {"eventId": event_id, "qty": 1})

    clara.post("/waitlist", {"eventId": event_id, "qty": 1})
    assert chen.post("/waitlist", {"eventId": event_id, "qty": 1})["position"] == 2
    assert clara.call("DELETE", f"/waitlist/{event_id}").status_code == 204
    assert chen.get(f"/waitlist/position/{event_id}")["position"] == 1

    assert carl.call("DELETE", f"/bookings/{booking['id']}").json()["status"] == "CANCELLED"

    assert chen.get(f"/waitlist/position/{event_id}")["status"] == "OFFERED"
    assert carl.post("/bookings", {"eventId": event_id, "qty": 1}, status=409)["availableSeats"] == 0
    eventually(lambda: "Seats are free for Jazz Night" in subjects(stack, chen))
    assert chen.post(f"/waitlist/{event_id}/accept")["status"] == "CONFIRMED"
    eventually(lambda: "Your booking for Jazz Night" in subjects(stack, chen))
    kinds = {note["type"] for note in olga.get("/notifications")["results"]}
    assert kinds == {"booking.created", "booking.cancelled"}


def test_staff_are_made_by_token_and_see_the_figures(stack: Stack, sign_up: Callable[[str, str], Person]):
    body = {"name": "Stella Staff", "email": "stella@example.com", "password": PASSWORD}
    url = f"{stack.url}/api/auth/create-admin"
    assert requests.post(url, json=body, timeout=30).status_code == 403
    made = requests.post(url, json=body, headers={"X-Admin-Token": ADMIN_TOKEN}, timeout=30)
    assert made.status_code == 201, made.text
    stella = Person(stack.url, made.json())
    olga, carl = sign_up("Ottilie", "ORGANIZER"), sign_up("Curt", "CUSTOMER")
    event_id = publish(olga, totalSeats=4)
    kept, gone = (carl.post("/bookings", {"eventId": event_id, "qty": 1}) for _ in range(2))
    carl.call("DELETE", f"/bookings/{gone['id']}")
    eventually(lambda: not Entry.objects.filter(pending="rollups").exists())

    overview = stella.get("/analytics/overview")
    assert (overview["users"]["organizers"], overview["users"]["customers"], overview["users"]["staff"]) == (1, 1, 1)
    assert (overview["bookings"]["confirmed"], overview["bookings"]["cancelled"]) == (1, 1)
    assert overview["revenue"] == kept["amount"]
    assert stella.get("/analytics/revenue")[-1]["revenue"] == "25.00"
    (ranked,) = stella.get("/analytics/events")["results"]
    assert (ranked["id"], ranked["ticketsSold"], ranked["fillRate"]) == (event_id, 1, 0.25)
    assert olga.get("/analytics/me/timeseries")[-1]["cancellations"] == 1
    assert olga.call("GET", "/analytics/overview").status_code == 403


def test_a_cancelled_event_tells_everyone(stack: Stack, sign_up: Callable[[str, str], Person]):
    olga, carl = sign_up("Orla", "ORGANIZER"), sign_up("Cora", "CUSTOMER")
    event_id = publish(olga)
    booking = carl.post("/bookings", {"eventId": event_id, "qty": 2})

    olga.post(f"/events/{event_id}/cancel", {"reason": "Rain"}, status=200)

    eventually(lambda: carl.get(f"/bookings/{booking['id']}")["status"] == "CANCELLED")
    eventually(lambda: "Jazz Night is cancelled" in subjects(stack, carl))
    (note,) = eventually(lambda: carl.get("/notifications?unread=true")["results"])
    assert (note["type"], note["data"]["reason"]) == ("event.cancelled", "Rain")
    carl.post("/notifications/read", {"upTo": note["seq"]}, status=200)
    assert carl.get("/notifications?unread=true")["count"] == 0
    assert carl.post("/bookings", {"eventId": event_id, "qty": 1}, status=409)["code"] == "event_cancelled"
