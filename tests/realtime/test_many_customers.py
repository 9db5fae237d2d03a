"""An event with many customers is changed and cancelled, while the worker is killed twice."""

import os
import signal
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
import requests
from bson.decimal128 import Decimal128

from accounts.models import User
from bookings.models import Booking, EventJob
from config.core.clock import iso, now
from events.models import Event
from journal.models import Entry
from realtime.models import Notification
from tests.support import factories
from tests.support.seat_ledger import findings
from tests.support.socketio_client import token
from tests.support.stack import Stack, text_of
from tests.support.waiting import eventually

pytestmark = [pytest.mark.processes, pytest.mark.timeout(900)]
CUSTOMERS = int(os.environ.get("CROWD", "150"))
PATIENCE = 400.0


@pytest.fixture
def crowded_event(organizer: User) -> Event:
    """An event that each of the customers booked a day ago."""
    event = factories.make_published_event(organizer, total_seats=CUSTOMERS + 5)
    moment = now() - timedelta(days=1)
    guests = [User(name=f"Guest {n}", email=f"guest{n}@example.com", role="CUSTOMER") for n in range(CUSTOMERS)]
    User.objects.bulk_create(guests)
    price = Decimal128("25.00")
    common: dict[str, Any] = {"event_id": event.id, "qty": 1, "unit_price": price, "amount": price}
    common |= {"status": "CONFIRMED", "created_at": moment, "cancelled_at": None, "checked_in_at": None}
    Booking.documents.insert_many(
        [{**common, "_id": f"BK-{number:08d}", "customer_id": guest.pk} for number, guest in enumerate(guests)]
    )
    sold = {"available_seats": -CUSTOMERS, "tickets_sold": CUSTOMERS, "revenue": Decimal128(f"{25 * CUSTOMERS}.00")}
    Event.documents.update_one({"_id": event.id}, {"$inc": sold})
    return event


def call(stack: Stack, event: Event, organizer: User, path: str = "", **options: Any) -> None:
    headers = {"Authorization": f"Bearer {token(organizer)}"}
    method = "POST" if path else "PATCH"
    response = requests.request(
        method, f"{stack.url}/api/events/{event.id}{path}", headers=headers, timeout=10, **options
    )
    assert response.status_code == 200, response.text


def kill_worker(stack: Stack) -> None:
    stack.worker.ask_to_stop(signal.SIGKILL)
    stack.worker.wait_stopped()
    stack.worker.start()


def cancelled_so_far() -> int:
    return int(EventJob.objects.filter(kind="CANCEL").values_list("done", flat=True).first() or 0)


def test_each_customer_is_notified_once_of_each_change(stack: Stack, crowded_event: Event, organizer: User):
    call(stack, crowded_event, organizer, json={"date": iso(crowded_event.starts_at + timedelta(days=1))})
    eventually(lambda: Entry.objects.filter(type="notice.event_updated").exists())
    kill_worker(stack)
    call(stack, crowded_event, organizer, "/cancel", json={"reason": "The venue is flooded."})
    eventually(cancelled_so_far, seconds=PATIENCE)
    kill_worker(stack)

    eventually(lambda: EventJob.objects.exclude(finished_at=None).count() == 2, seconds=PATIENCE)
    eventually(lambda: not Entry.objects.filter(pending__hasprefix="").exists(), seconds=PATIENCE)

    sent = Counter(Notification.objects.values_list("recipient", "type"))
    assert set(sent.values()) == {1}
    assert Counter(kind for _, kind in sent) == {"event.updated": CUSTOMERS, "event.cancelled": CUSTOMERS}
    assert Entry.objects.filter(type="booking.cancelled").count() == CUSTOMERS
    assert factories.reload(crowded_event).tickets_sold == 0
    assert findings() == []
    assert_mails(stack)


def assert_mails(stack: Stack) -> None:
    """Each customer gets one mail of each kind. Each kill may repeat the one mail that was being sent.

    A repeated mail has the same Message-ID, so mail programs show it once.
    """
    sent = [(one["Message-ID"], one["To"], "cancelled" in one["Subject"]) for one in stack.mail.mails]
    assert len(sent) - len(set(sent)) <= 2
    assert Counter(is_cancelled for _, _, is_cancelled in set(sent)) == {True: CUSTOMERS, False: CUSTOMERS}
    assert len({(to, is_cancelled) for _, to, is_cancelled in sent}) == 2 * CUSTOMERS
    assert "The venue is flooded." in text_of(stack.mail.mails[-1])
