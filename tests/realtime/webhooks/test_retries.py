"""Deliveries that fail, are sent again, or are not to be sent any more."""

from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import User
from config.core.clock import now
from realtime.models import Delivery
from realtime.webhooks import delivery_queue
from realtime.webhooks.pools import DeliveryPools, send_due
from realtime.webhooks.services import delete_webhook, redeliver
from tests.support.waiting import eventually
from tests.support.webhook_owner import documented_check, happen, make_due, only, register

pytestmark = pytest.mark.usefixtures("private_allowed")


def test_after_an_error_it_is_tried_again(organizer: User, receiver, send):
    receiver.statuses = [500]
    webhook = register(organizer, receiver)
    happen(organizer)
    send()
    assert (only().status, only().log[0]["error"]) == ("PENDING", "The receiver answered 500.")
    assert timedelta(seconds=7) < only().due_at - now() <= timedelta(seconds=10)
    send()
    assert len(receiver.got) == 1  # it is not due yet

    make_due()
    send()

    assert [attempt["status"] for attempt in only().log] == [500, 200]
    assert only().status == "DELIVERED"
    assert receiver.got[0].body == receiver.got[1].body
    check = documented_check()
    assert all(check(webhook.secret, got.headers["X-BoxOffice-Signature"], got.body.encode()) for got in receiver.got)


@pytest.mark.parametrize(
    ("tries", "longest"), [(0, 10), (1, 20), (5, 320), (8, 2560), (9, 3600), (100, 3600), (10**6, 3600)]
)
def test_pauses_double_up_to_an_hour(tries: int, longest: int):
    pauses = {delivery_queue.pause_after(tries).total_seconds() for _ in range(200)}

    assert max(pauses) <= longest
    assert min(pauses) >= longest * 0.8
    assert len(pauses) > 100


def test_after_a_day_it_is_given_up(organizer: User, receiver, send):
    receiver.statuses = [503, 503]
    register(organizer, receiver)
    happen(organizer)
    Delivery.objects.update(created_at=now() - timedelta(hours=23), tries=5)
    send()
    assert only().status == "PENDING"
    make_due(created_at=now() - timedelta(hours=24))

    send()

    assert only().status == "FAILED"
    send()
    assert len(receiver.got) == 2


def test_gone_means_gone(organizer: User, receiver, send):
    receiver.statuses = [410]
    register(organizer, receiver)
    happen(organizer)

    send()

    assert (only().status, only().log[0]["status"]) == ("FAILED", 410)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(organizer: User, receiver, send, status: int):
    receiver.statuses = [status]
    register(organizer, receiver)
    happen(organizer)

    send()

    assert [got.path for got in receiver.got] == ["/hook"]
    assert (only().status, only().log[0]["status"]) == ("PENDING", status)
    assert "redirects are not followed" in only().log[0]["error"]


def test_the_last_20_attempts_are_kept(organizer: User, receiver, send):
    receiver.statuses = [500, *[501] * 20]
    register(organizer, receiver)
    happen(organizer)
    for _ in range(21):
        send()
        make_due(tries=0)

    assert [attempt["status"] for attempt in only().log] == [501] * 20


@pytest.mark.parametrize("status", ["DELIVERED", "FAILED", "PENDING"])
def test_sends_again_whatever_became_of_it(organizer: User, receiver, send, status: str):
    webhook = register(organizer, receiver)
    (delivery,) = happen(organizer)
    Delivery.objects.update(status=status, due_at=now() + timedelta(hours=1), created_at=now() - timedelta(days=20))
    send()
    assert receiver.got == []

    redeliver(webhook_id=webhook.id, delivery_id=delivery.id, by=organizer.as_actor(), now=now())
    send()

    assert (len(receiver.got), only().status) == (1, "DELIVERED")


def test_asked_for_during_an_attempt_it_is_sent_after_it(organizer: User, receiver, lanes: DeliveryPools, send):
    webhook = register(organizer, receiver)
    (delivery,) = happen(organizer)
    receiver.answering.clear()
    send_due(lanes)
    eventually(lambda: receiver.got)

    redeliver(webhook_id=webhook.id, delivery_id=delivery.id, by=organizer.as_actor(), now=now())
    send_due(lanes)
    assert len(receiver.got) == 1  # not beside the one that is under way
    receiver.answering.set()
    assert lanes.finish()

    assert (len(receiver.got), only().status) == (2, "DELIVERED")
    assert [attempt["status"] for attempt in only().log] == [200, 200]


def test_a_blocked_organizer_is_sent_nothing_until_they_are_let_in_again(organizer: User, receiver, send):
    register(organizer, receiver)
    happen(organizer)
    User.objects.filter(pk=organizer.pk).update(is_active=False)
    send()
    assert receiver.got == []
    assert only().log[0]["error"] == "Your account is blocked: nothing was sent."
    User.objects.filter(pk=organizer.pk).update(is_active=True)
    make_due()

    send()

    assert (len(receiver.got), only().status) == (1, "DELIVERED")


def test_deleting_a_webhook_stops_what_waits(organizer: User, receiver, send):
    webhook = register(organizer, receiver)
    happen(organizer, 3)

    delete_webhook(webhook_id=webhook.id, by=organizer.as_actor())
    send()

    assert receiver.got == []
    assert Delivery.objects.count() == 0


def test_what_a_late_handler_stores_for_a_deleted_webhook_is_not_sent(organizer: User, receiver, send):
    webhook = register(organizer, receiver)
    happen(organizer, 3)
    webhook.delete()  # as it looks to a handler that read the webhooks before

    send()

    assert receiver.got == []
    assert Delivery.objects.count() == 0


def test_mongodb_deletes_deliveries_after_30_days():
    index = connection.database["realtime_delivery"].index_information()["delivery_ttl"]

    assert (index["key"], index["expireAfterSeconds"]) == ([("created_at", 1)], 30 * 24 * 3600)
