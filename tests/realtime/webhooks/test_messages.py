"""What webhooks are sent: to whom, in which words, and provably from here."""

import json
import time
from datetime import timedelta

import pytest

from accounts.models import User
from config.core.clock import now
from events import editing
from events.models import Event
from journal.models import Entry
from realtime.models import Delivery, Webhook
from realtime.webhooks import deliveries
from realtime.webhooks.signing import sign
from tests.support import factories
from tests.support.webhook_owner import documented_check, happen, make_due, only, register

pytestmark = pytest.mark.usefixtures("private_allowed")


def test_a_booking_reaches_the_organizers_system(event: Event, organizer: User, customer: User, receiver, send):
    webhook = register(organizer, receiver, "/hook?a=b")
    booking = factories.make_booking(event, customer, qty=2)
    deliveries.store_deliveries(list(Entry.objects.filter(type="booking.created")))

    send()

    (got,) = receiver.got
    message = json.loads(got.body)
    assert message == {
        "id": f"{webhook.id}.booking.created~{booking['id']}",
        "type": "booking.created",
        "createdAt": booking["createdAt"],
        "data": {
            "id": booking["id"],
            "eventId": event.id,
            "eventTitle": "Jazz Night",
            "eventDate": booking["event"]["date"],
            "customerId": customer.pk,
            "customerName": "Carl Customer",
            "qty": 2,
            "amount": "50.00",
            "currency": "EUR",
            "availableSeats": 8,
        },
    }
    assert (got.path, got.headers["Host"]) == ("/hook?a=b", receiver.url.removeprefix("http://"))
    assert {name: got.headers[name] for name in ("Content-Type", "User-Agent", "X-BoxOffice-Event")} == {
        "Content-Type": "application/json",
        "User-Agent": "BoxOffice-Webhooks/1",
        "X-BoxOffice-Event": "booking.created",
    }
    assert got.headers["X-BoxOffice-Delivery"] == message["id"]


def test_it_is_logged_as_delivered(organizer: User, receiver, send):
    register(organizer, receiver)
    happen(organizer)

    send()

    (attempt,) = only().log
    assert only().status == "DELIVERED"
    assert (attempt["status"], attempt["error"]) == (200, None)
    assert 0 <= attempt["durationMs"] < 10_000


def test_a_change_of_an_event_goes_by_the_names_of_the_api(event: Event, organizer: User, receiver, send):
    register(organizer, receiver)
    editing.update_event(event_id=event.id, by=organizer.as_actor(), changes={"total_seats": 12}, now=now())
    deliveries.store_deliveries(list(Entry.objects.filter(type="event.updated")))

    send()

    message = json.loads(receiver.got[0].body)
    assert message["data"]["id"] == event.id
    assert message["data"]["changes"] == {"totalSeats": {"old": 10, "new": 12}}
    assert "organizerId" not in message["data"]


def test_what_an_entry_holds_beyond_that_stays_here(organizer: User, receiver):
    register(organizer, receiver)
    data = {"id": "BK-1", "organizerId": organizer.pk, "customerEmail": "carl@example.com"}

    deliveries.store_deliveries([Entry(id="e1", type="booking.created", at=now(), data=data)])

    assert json.loads(only().body)["data"] == {"id": "BK-1"}


def test_the_documented_code_verifies_the_signature(organizer: User, receiver, send):
    webhook = register(organizer, receiver)
    happen(organizer)
    send()
    header, body = receiver.got[0].headers["X-BoxOffice-Signature"], receiver.got[0].body.encode()

    check = documented_check()

    assert check(webhook.secret, header, body)
    assert not check(webhook.secret, header, body + b" ")
    assert not check(webhook.secret + "x", header, body)
    assert not check(webhook.secret, header.replace("t=", "t=1"), body)
    assert not check(webhook.secret, "", body)


def test_an_old_message_does_not_verify(organizer: User, receiver):
    webhook = register(organizer, receiver)
    (delivery,) = happen(organizer)
    old = sign(secret=webhook.secret, body=delivery.body, timestamp=int(time.time()) - 301)

    assert not documented_check()(webhook.secret, old, delivery.body.encode())


def test_only_who_asked_is_told(organizer: User, stranger: User, receiver, send):
    register(organizer, receiver, "/yes")
    register(organizer, receiver, "/other-type", types=["event.published"])
    register(stranger, receiver, "/stranger")
    happen(organizer)

    send()

    assert [got.path for got in receiver.got] == ["/yes"]


def test_of_entries_handed_over_together_each_organizer_gets_their_own(organizer: User, stranger: User, receiver):
    for person in (organizer, stranger):
        register(person, receiver)
    people = {"BK-1": organizer, "BK-2": stranger}
    entries = [
        Entry(id=one, type="booking.created", at=now(), data={"id": one, "organizerId": person.pk})
        for one, person in people.items()
    ]

    deliveries.store_deliveries(entries)

    owners = {webhook.pk: webhook.organizer for webhook in Webhook.objects.all()}
    stored = {one.id.split(".")[1]: owners[one.webhook] for one in Delivery.objects.all()}
    assert stored == {one: person.pk for one, person in people.items()}
    assert Delivery.objects.count() == 2


def test_a_webhook_hears_nothing_of_what_was_before_it(organizer: User, receiver):
    data = {"id": "BK-1", "organizerId": organizer.pk}
    entry = Entry(id="e1", type="booking.created", at=now() - timedelta(milliseconds=1), data=data)
    register(organizer, receiver)

    deliveries.store_deliveries([entry])

    assert Delivery.objects.count() == 0


def test_an_entry_handed_over_again_is_sent_once(organizer: User, receiver, send):
    register(organizer, receiver)
    entry = Entry(id="e1", type="booking.created", at=now(), data={"id": "BK-1", "organizerId": organizer.pk})
    deliveries.store_deliveries([entry])
    send()

    deliveries.store_deliveries([entry])
    send()

    assert len(receiver.got) == 1


def test_each_attempt_has_a_time_of_its_own(organizer: User, receiver, send):
    receiver.statuses = [500]
    register(organizer, receiver)
    happen(organizer)
    send()
    time.sleep(1.1)
    make_due()

    send()

    first, second = (int(got.headers["X-BoxOffice-Signature"][2:].split(",")[0]) for got in receiver.got)
    assert second > first
