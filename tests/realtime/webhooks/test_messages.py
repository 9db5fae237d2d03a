"""The messages of webhooks: their recipients, their content, their signature."""

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
from tests.support.webhook_owner import documented_check, make_due, only_delivery, record_bookings, register

pytestmark = pytest.mark.usefixtures("private_allowed")


def test_a_booking_is_sent_to_the_organizers_webhook(event: Event, organizer: User, customer: User, receiver, send_due):
    webhook = register(organizer, receiver, "/hook?a=b")
    booking = factories.make_booking(event, customer, qty=2)
    deliveries.store_deliveries(list(Entry.objects.filter(type="booking.created")))

    send_due()

    (request,) = receiver.requests
    message = json.loads(request.body)
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
    assert (request.path, request.headers["Host"]) == ("/hook?a=b", receiver.url.removeprefix("http://"))
    assert {name: request.headers[name] for name in ("Content-Type", "User-Agent", "X-BoxOffice-Event")} == {
        "Content-Type": "application/json",
        "User-Agent": "BoxOffice-Webhooks/1",
        "X-BoxOffice-Event": "booking.created",
    }
    assert request.headers["X-BoxOffice-Delivery"] == message["id"]


def test_a_delivery_is_logged_as_delivered(organizer: User, receiver, send_due):
    register(organizer, receiver)
    record_bookings(organizer)

    send_due()

    (attempt,) = only_delivery().log
    assert only_delivery().status == "DELIVERED"
    assert (attempt["status"], attempt["error"]) == (200, None)
    assert 0 <= attempt["durationMs"] < 10_000


def test_changes_of_an_event_have_the_apis_field_names(event: Event, organizer: User, receiver, send_due):
    register(organizer, receiver)
    editing.update_event(event_id=event.id, by=organizer.as_actor(), changes={"total_seats": 12}, now=now())
    deliveries.store_deliveries(list(Entry.objects.filter(type="event.updated")))

    send_due()

    message = json.loads(receiver.requests[0].body)
    assert message["data"]["id"] == event.id
    assert message["data"]["changes"] == {"totalSeats": {"old": 10, "new": 12}}
    assert "organizerId" not in message["data"]


def test_other_data_of_an_entry_is_not_sent(organizer: User, receiver):
    register(organizer, receiver)
    data = {"id": "BK-1", "organizerId": organizer.pk, "customerEmail": "carl@example.com"}

    deliveries.store_deliveries([Entry(id="e1", type="booking.created", at=now(), data=data)])

    assert json.loads(only_delivery().body)["data"] == {"id": "BK-1"}


def test_the_documented_code_verifies_the_signature(organizer: User, receiver, send_due):
    webhook = register(organizer, receiver)
    record_bookings(organizer)
    send_due()
    header, body = receiver.requests[0].headers["X-BoxOffice-Signature"], receiver.requests[0].body.encode()

    check = documented_check()

    assert check(webhook.secret, header, body)
    assert not check(webhook.secret, header, body + b" ")
    assert not check(webhook.secret + "x", header, body)
    assert not check(webhook.secret, header.replace("t=", "t=1"), body)
    assert not check(webhook.secret, "", body)


def test_an_old_message_is_not_verified(organizer: User, receiver):
    webhook = register(organizer, receiver)
    (delivery,) = record_bookings(organizer)
    old = sign(secret=webhook.secret, body=delivery.body, timestamp=int(time.time()) - 301)

    assert not documented_check()(webhook.secret, old, delivery.body.encode())


def test_only_webhooks_of_the_organizer_and_type_are_called(organizer: User, stranger: User, receiver, send_due):
    register(organizer, receiver, "/yes")
    register(organizer, receiver, "/other-type", types=["event.published"])
    register(stranger, receiver, "/stranger")
    record_bookings(organizer)

    send_due()

    assert [request.path for request in receiver.requests] == ["/yes"]


def test_each_organizer_gets_their_own_entries_of_a_batch(organizer: User, stranger: User, receiver):
    for person in (organizer, stranger):
        register(person, receiver)
    organizers = {"BK-1": organizer, "BK-2": stranger}
    entries = [
        Entry(id=one, type="booking.created", at=now(), data={"id": one, "organizerId": person.pk})
        for one, person in organizers.items()
    ]

    deliveries.store_deliveries(entries)

    owners = {webhook.pk: webhook.organizer for webhook in Webhook.objects.all()}
    stored = {one.id.split(".")[1]: owners[one.webhook] for one in Delivery.objects.all()}
    assert stored == {one: person.pk for one, person in organizers.items()}
    assert Delivery.objects.count() == 2


def test_entries_from_before_the_webhook_are_not_sent(organizer: User, receiver):
    data = {"id": "BK-1", "organizerId": organizer.pk}
    entry = Entry(id="e1", type="booking.created", at=now() - timedelta(milliseconds=1), data=data)
    register(organizer, receiver)

    deliveries.store_deliveries([entry])

    assert Delivery.objects.count() == 0


def test_an_entry_that_is_delivered_again_is_sent_once(organizer: User, receiver, send_due):
    register(organizer, receiver)
    entry = Entry(id="e1", type="booking.created", at=now(), data={"id": "BK-1", "organizerId": organizer.pk})
    deliveries.store_deliveries([entry])
    send_due()

    deliveries.store_deliveries([entry])
    send_due()

    assert len(receiver.requests) == 1


def test_each_attempt_is_signed_with_its_own_time(organizer: User, receiver, send_due):
    receiver.statuses = [500]
    register(organizer, receiver)
    record_bookings(organizer)
    send_due()
    time.sleep(1.1)
    make_due()

    send_due()

    first, second = (int(one.headers["X-BoxOffice-Signature"][2:].split(",")[0]) for one in receiver.requests)
    assert second > first
