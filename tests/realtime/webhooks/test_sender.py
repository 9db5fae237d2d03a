"""Many receivers, many workers: each delivery is sent once, and a slow receiver delays no other."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import User
from config.core.clock import now
from realtime.models import Delivery, Webhook
from realtime.webhooks import attempts, delivery_queue
from realtime.webhooks.pools import QUICK_THREADS, DeliveryPools, schedule_due
from realtime.webhooks.sender import Outcome, send_next
from tests.support.mongodb_profiler import profiled
from tests.support.waiting import eventually
from tests.support.webhook_owner import only_delivery, record_bookings, register, statuses

pytestmark = pytest.mark.usefixtures("private_allowed")


def test_a_refused_connection_fails_and_the_rest_waits(organizer: User, make_receiver, send_due):
    receiver = make_receiver()
    register(organizer, receiver)
    receiver.close()
    record_bookings(organizer, 2)

    send_due()

    attempts = [attempt for delivery in Delivery.objects.all() for attempt in delivery.log]
    assert [(one["status"], one["error"]) for one in attempts] == [(None, "The connection was refused.")]


def test_a_hanging_receiver_delays_no_other(organizer: User, stranger: User, make_receiver, pools: DeliveryPools):
    hanging, healthy = make_receiver(), make_receiver()
    hanging.may_respond.clear()
    for number in range(8):
        register(organizer, hanging, f"/{number}")
    register(stranger, healthy)
    Webhook.objects.filter(organizer=organizer.pk).update(struggling=True)
    record_bookings(organizer, 5)
    record_bookings(stranger, 50)

    schedule_due(pools)
    eventually(lambda: len(healthy.requests) == 50, seconds=8)

    assert statuses().count("DELIVERED") >= 49
    assert len(hanging.requests) <= 4
    hanging.may_respond.set()


def test_a_receiver_that_starts_to_hang_costs_one_attempt(organizer: User, make_receiver, pools: DeliveryPools):
    receiver = make_receiver()
    webhook = register(organizer, receiver)
    record_bookings(organizer, 5)
    receiver.may_respond.clear()
    schedule_due(pools)
    eventually(lambda: receiver.requests)
    time.sleep(2.1)

    receiver.may_respond.set()

    assert pools.wait_until_idle()
    assert len(receiver.requests) == 1
    assert Webhook.objects.get(pk=webhook.pk).struggling


def test_a_recovered_receiver_gets_all_waiting_deliveries(organizer: User, receiver, send_due):
    webhook = register(organizer, receiver)
    Webhook.objects.update(struggling=True)
    record_bookings(organizer, 45)

    send_due()

    assert statuses() == ["DELIVERED"] * 45
    assert not Webhook.objects.get(pk=webhook.pk).struggling


def test_several_workers_send_each_delivery_once(organizer: User, receiver):
    for number in range(3):
        register(organizer, receiver, f"/{number}")
    record_bookings(organizer, 40)
    workers = [DeliveryPools(send_next) for _ in range(4)]

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(schedule_due, workers))
    assert all(worker.wait_until_idle() for worker in workers)

    sent = [request.headers["X-BoxOffice-Delivery"] for request in receiver.requests]
    assert (len(sent), len(set(sent))) == (120, 120)
    assert statuses() == ["DELIVERED"] * 120


def test_a_killed_workers_delivery_is_sent_after_its_lease(organizer: User, receiver, send_due):
    webhook = register(organizer, receiver)
    record_bookings(organizer)
    assert delivery_queue.lease_next(webhook.id, now=now()) is not None  # by a worker that is killed then
    send_due()
    assert receiver.requests == []
    assert timedelta(seconds=55) < only_delivery().locked_until - now() <= timedelta(seconds=60)

    Delivery.objects.update(locked_until=now())
    send_due()

    assert (len(receiver.requests), only_delivery().status) == (1, "DELIVERED")


def test_a_worker_that_lost_its_lease_records_nothing(organizer: User, receiver):
    webhook = register(organizer, receiver)
    record_bookings(organizer)
    late = delivery_queue.lease_next(webhook.id, now=now())
    Delivery.objects.update(locked_until=now())
    time.sleep(0.005)
    assert delivery_queue.lease_next(webhook.id, now=now()) is not None
    assert late is not None
    attempt = attempts.Attempt(at=now(), status=200, error=None, duration_ms=1)

    delivery_queue.record_attempt(late, attempt, now=now())

    assert (only_delivery().status, only_delivery().log) == ("PENDING", [])


def test_done_deliveries_and_those_of_others_are_not_read(organizer: User, stranger: User, receiver):
    mine = register(organizer, receiver)
    record_bookings(organizer, 300)
    Delivery.objects.update(status="DELIVERED")
    register(stranger, receiver)
    for age, delivery in enumerate(record_bookings(stranger, 100)):
        Delivery.objects.filter(pk=delivery.pk).update(due_at=now() - timedelta(minutes=age))
    record_bookings(organizer, 3)

    with profiled() as done:
        assert len(delivery_queue.due_webhooks(now=now())) == 2
        assert delivery_queue.lease_next(mine.id, now=now()) is not None

    due, lease = (work for work in done if work.collection == "realtime_delivery")
    assert (due.plan.split()[0], due.documents) == ("IXSCAN", 0)
    assert (lease.plan.split()[0], lease.documents, lease.sorts_in_memory) == ("IXSCAN", 1, False)
    assert keys_read_to_lease(mine.id) <= 4


def keys_read_to_lease(webhook_id: str) -> int:
    due = {**delivery_queue.due_filter(now()), "webhook": webhook_id}
    find = {"find": "realtime_delivery", "filter": due, "sort": {"due_at": 1}, "limit": 1}
    explained = connection.database.command("explain", find, verbosity="executionStats")
    return int(explained["executionStats"]["totalKeysExamined"])


def test_a_webhook_scheduled_during_its_last_read_is_read_again():
    """The sender found nothing due; before it returned, a delivery was stored and the webhook scheduled."""
    read, may_return = list[str](), threading.Event()

    def find_nothing(webhook_id: str) -> Outcome:
        read.append(webhook_id)
        may_return.wait(10)
        return Outcome.NOTHING_DUE

    worker = DeliveryPools(find_nothing)
    worker.schedule("WH-1")
    eventually(lambda: read)

    worker.schedule("WH-1")
    may_return.set()

    assert worker.wait_until_idle()
    assert read == ["WH-1", "WH-1"]


def test_an_error_of_ours_stops_no_webhook():
    calls = []

    def fail_once(webhook_id: str) -> Outcome:
        calls.append(webhook_id)
        if len(calls) == 1:
            raise RuntimeError("out of order")
        return Outcome.NOTHING_DUE

    worker = DeliveryPools(fail_once)
    for webhook_id in ("WH-1", "WH-1", "WH-2"):
        worker.schedule(webhook_id)
        assert worker.wait_until_idle()

    assert calls == ["WH-1", "WH-1", "WH-2"]


def test_a_new_webhook_waits_no_longer_than_a_time_slice():
    """A receiver that takes half a second is not struggling, but twenty deliveries to it take ten seconds."""
    sent = []

    def send_slowly(webhook_id: str) -> Outcome:
        sent.append(webhook_id)
        time.sleep(0.5 if webhook_id != "WH-new" else 0)
        return Outcome.SENT if webhook_id != "WH-new" else Outcome.NOTHING_DUE

    worker = DeliveryPools(send_slowly)
    for number in range(QUICK_THREADS):
        worker.schedule(f"WH-{number}")
    worker.schedule("WH-new")

    eventually(lambda: "WH-new" in sent, seconds=6)
    worker.stop()
    assert worker.wait_until_idle()


def test_a_stopped_worker_sends_nothing_more(organizer: User, receiver, pools: DeliveryPools):
    register(organizer, receiver)
    record_bookings(organizer, 30)
    receiver.may_respond.clear()
    schedule_due(pools)
    eventually(lambda: receiver.requests)

    pools.stop()
    receiver.may_respond.set()
    assert pools.wait_until_idle()
    schedule_due(pools)

    assert statuses() == ["DELIVERED"] + ["PENDING"] * 29
