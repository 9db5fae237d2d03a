"""Deliveries that fail, are redelivered, or are no longer to be sent."""

from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import User
from config.core.clock import now
from realtime.models import Delivery
from realtime.webhooks import retries
from realtime.webhooks.pools import DeliveryPools, schedule_due
from realtime.webhooks.services import delete_webhook, redeliver
from tests.support.waiting import eventually
from tests.support.webhook_owner import documented_check, make_due, only_delivery, record_bookings, register

pytestmark = pytest.mark.usefixtures("private_allowed")


def test_after_an_error_it_is_sent_again_later(organizer: User, receiver, send_due):
    receiver.statuses = [500]
    webhook = register(organizer, receiver)
    record_bookings(organizer)
    send_due()
    assert (only_delivery().status, only_delivery().log[0]["error"]) == ("PENDING", "The receiver answered 500.")
    assert timedelta(seconds=7) < only_delivery().due_at - now() <= timedelta(seconds=10)
    send_due()
    assert len(receiver.requests) == 1  # it is not due yet

    make_due()
    send_due()

    assert [attempt["status"] for attempt in only_delivery().log] == [500, 200]
    assert only_delivery().status == "DELIVERED"
    assert receiver.requests[0].body == receiver.requests[1].body
    check = documented_check()
    for request in receiver.requests:
        assert check(webhook.secret, request.headers["X-BoxOffice-Signature"], request.body.encode())


@pytest.mark.parametrize(
    ("tries", "longest"), [(0, 10), (1, 20), (5, 320), (8, 2560), (9, 3600), (100, 3600), (10**6, 3600)]
)
def test_retry_delays_double_up_to_an_hour(tries: int, longest: int):
    delays = {retries.retry_delay(tries).total_seconds() for _ in range(200)}

    assert max(delays) <= longest
    assert min(delays) >= longest * 0.8
    assert len(delays) > 100


def test_after_a_day_it_fails_for_good(organizer: User, receiver, send_due):
    receiver.statuses = [503, 503]
    register(organizer, receiver)
    record_bookings(organizer)
    Delivery.objects.update(created_at=now() - timedelta(hours=23), tries=5)
    send_due()
    assert only_delivery().status == "PENDING"
    make_due(created_at=now() - timedelta(hours=24))

    send_due()

    assert only_delivery().status == "FAILED"
    send_due()
    assert len(receiver.requests) == 2


def test_a_410_fails_for_good(organizer: User, receiver, send_due):
    receiver.statuses = [410]
    register(organizer, receiver)
    record_bookings(organizer)

    send_due()

    assert (only_delivery().status, only_delivery().log[0]["status"]) == ("FAILED", 410)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(organizer: User, receiver, send_due, status: int):
    receiver.statuses = [status]
    register(organizer, receiver)
    record_bookings(organizer)

    send_due()

    assert [request.path for request in receiver.requests] == ["/hook"]
    assert (only_delivery().status, only_delivery().log[0]["status"]) == ("PENDING", status)
    assert "redirects are not followed" in only_delivery().log[0]["error"]


def test_the_last_20_attempts_are_kept(organizer: User, receiver, send_due):
    receiver.statuses = [500, *[501] * 20]
    register(organizer, receiver)
    record_bookings(organizer)
    for _ in range(21):
        send_due()
        make_due(tries=0)

    assert [attempt["status"] for attempt in only_delivery().log] == [501] * 20


@pytest.mark.parametrize("status", ["DELIVERED", "FAILED", "PENDING"])
def test_redelivering_sends_again_whatever_the_status(organizer: User, receiver, send_due, status: str):
    webhook = register(organizer, receiver)
    (delivery,) = record_bookings(organizer)
    Delivery.objects.update(status=status, due_at=now() + timedelta(hours=1), created_at=now() - timedelta(days=20))
    send_due()
    assert receiver.requests == []

    redeliver(webhook_id=webhook.id, delivery_id=delivery.id, by=organizer.as_actor(), now=now())
    send_due()

    assert (len(receiver.requests), only_delivery().status) == (1, "DELIVERED")


def test_redelivering_during_an_attempt_sends_after_it(organizer: User, receiver, pools: DeliveryPools, send_due):
    webhook = register(organizer, receiver)
    (delivery,) = record_bookings(organizer)
    receiver.may_respond.clear()
    schedule_due(pools)
    eventually(lambda: receiver.requests)

    redeliver(webhook_id=webhook.id, delivery_id=delivery.id, by=organizer.as_actor(), now=now())
    schedule_due(pools)
    assert len(receiver.requests) == 1  # not during the first attempt
    receiver.may_respond.set()
    assert pools.wait_until_idle()

    assert (len(receiver.requests), only_delivery().status) == (2, "DELIVERED")
    assert [attempt["status"] for attempt in only_delivery().log] == [200, 200]


def test_a_blocked_organizers_deliveries_wait_for_the_unblock(organizer: User, receiver, send_due):
    register(organizer, receiver)
    record_bookings(organizer)
    User.objects.filter(pk=organizer.pk).update(is_active=False)
    send_due()
    assert receiver.requests == []
    assert only_delivery().log[0]["error"] == "Your account is blocked: nothing was sent."
    User.objects.filter(pk=organizer.pk).update(is_active=True)
    make_due()

    send_due()

    assert (len(receiver.requests), only_delivery().status) == (1, "DELIVERED")


def test_deleting_a_webhook_deletes_pending_deliveries(organizer: User, receiver, send_due):
    webhook = register(organizer, receiver)
    record_bookings(organizer, 3)

    delete_webhook(webhook_id=webhook.id, by=organizer.as_actor())
    send_due()

    assert receiver.requests == []
    assert Delivery.objects.count() == 0


def test_deliveries_of_a_deleted_webhook_are_never_sent(organizer: User, receiver, send_due):
    webhook = register(organizer, receiver)
    record_bookings(organizer, 3)
    webhook.delete()  # without its deliveries, as if a handler had read the webhook just before

    send_due()

    assert receiver.requests == []
    assert Delivery.objects.count() == 0


def test_mongodb_deletes_deliveries_after_30_days():
    index = connection.database["realtime_delivery"].index_information()["delivery_ttl"]

    assert (index["key"], index["expireAfterSeconds"]) == ([("created_at", 1)], 30 * 24 * 3600)
