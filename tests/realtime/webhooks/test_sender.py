"""Many receivers, many workers: each delivery once, and nobody waits for a slow receiver."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import User
from config.core.clock import now
from realtime.models import Delivery, Webhook
from realtime.webhooks import delivery_queue
from realtime.webhooks.pools import QUICK_THREADS, DeliveryPools, send_due
from realtime.webhooks.sender import Outcome, send_next
from tests.support.mongodb_profiler import profiled
from tests.support.waiting import eventually
from tests.support.webhook_owner import happen, only, register, states

pytestmark = pytest.mark.usefixtures("private_allowed")


def test_nobody_listens(organizer: User, make_receiver, send):
    receiver = make_receiver()
    register(organizer, receiver)
    receiver.close()
    happen(organizer, 2)

    send()

    attempts = [attempt for delivery in Delivery.objects.all() for attempt in delivery.log]
    assert [(one["status"], one["error"]) for one in attempts] == [(None, "The connection was refused.")]


def test_a_hanging_receiver_does_not_hold_up_the_others(
    organizer: User, stranger: User, make_receiver, lanes: DeliveryPools
):
    hanging, living = make_receiver(), make_receiver()
    hanging.answering.clear()
    for number in range(8):
        register(organizer, hanging, f"/{number}")
    register(stranger, living)
    Webhook.objects.filter(organizer=organizer.pk).update(struggling=True)
    happen(organizer, 5)
    happen(stranger, 50)

    send_due(lanes)
    eventually(lambda: len(living.got) == 50, seconds=8)

    assert states().count("DELIVERED") >= 49
    assert len(hanging.got) <= 4
    hanging.answering.set()


def test_a_receiver_that_starts_to_hang_costs_one_attempt(organizer: User, make_receiver, lanes: DeliveryPools):
    receiver = make_receiver()
    webhook = register(organizer, receiver)
    happen(organizer, 5)
    receiver.answering.clear()
    send_due(lanes)
    eventually(lambda: receiver.got)
    time.sleep(2.1)

    receiver.answering.set()

    assert lanes.finish()
    assert len(receiver.got) == 1
    assert Webhook.objects.get(pk=webhook.pk).struggling


def test_what_a_struggling_receiver_missed_follows_once_it_is_back(organizer: User, receiver, send):
    webhook = register(organizer, receiver)
    Webhook.objects.update(struggling=True)
    happen(organizer, 45)

    send()

    assert states() == ["DELIVERED"] * 45
    assert not Webhook.objects.get(pk=webhook.pk).struggling


def test_two_workers_send_each_once(organizer: User, receiver):
    for number in range(3):
        register(organizer, receiver, f"/{number}")
    happen(organizer, 40)
    workers = [DeliveryPools(send_next) for _ in range(4)]

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(send_due, workers))
    assert all(worker.finish() for worker in workers)

    sent = [got.headers["X-BoxOffice-Delivery"] for got in receiver.got]
    assert (len(sent), len(set(sent))) == (120, 120)
    assert states() == ["DELIVERED"] * 120


def test_a_killed_workers_delivery_is_taken_again_after_its_lease(organizer: User, receiver, send):
    webhook = register(organizer, receiver)
    happen(organizer)
    assert delivery_queue.take(webhook.id, now=now()) is not None  # and then it dies
    send()
    assert receiver.got == []
    assert timedelta(seconds=55) < only().locked_until - now() <= timedelta(seconds=60)

    Delivery.objects.update(locked_until=now())
    send()

    assert (len(receiver.got), only().status) == (1, "DELIVERED")


def test_who_lost_the_lease_changes_nothing(organizer: User, receiver):
    webhook = register(organizer, receiver)
    happen(organizer)
    late = delivery_queue.take(webhook.id, now=now())
    Delivery.objects.update(locked_until=now())
    time.sleep(0.005)
    assert delivery_queue.take(webhook.id, now=now()) is not None
    assert late is not None

    delivery_queue.record(late, delivery_queue.Attempt(at=now(), status=200, error=None, duration_ms=1), now=now())

    assert (only().status, only().log) == ("PENDING", [])


def test_neither_what_is_done_nor_what_waits_for_others_is_read(organizer: User, stranger: User, receiver):
    mine = register(organizer, receiver)
    happen(organizer, 300)
    Delivery.objects.update(status="DELIVERED")
    register(stranger, receiver)
    for age, delivery in enumerate(happen(stranger, 100)):
        Delivery.objects.filter(pk=delivery.pk).update(due_at=now() - timedelta(minutes=age))
    happen(organizer, 3)

    with profiled() as done:
        assert len(delivery_queue.due_webhooks(now=now())) == 2
        assert delivery_queue.take(mine.id, now=now()) is not None

    due, take = (work for work in done if work.collection == "realtime_delivery")
    assert (due.plan.split()[0], due.documents) == ("IXSCAN", 0)
    assert (take.plan.split()[0], take.documents, take.sorts_in_memory) == ("IXSCAN", 1, False)
    assert keys_read_to_take(mine.id) <= 4


def keys_read_to_take(webhook_id: str) -> int:
    waiting = {"filter": {**delivery_queue.waiting(now()), "webhook": webhook_id}, "sort": {"due_at": 1}, "limit": 1}
    find = {"find": "realtime_delivery", **waiting}
    explained = connection.database.command("explain", find, verbosity="executionStats")
    return int(explained["executionStats"]["totalKeysExamined"])


def test_what_comes_in_while_the_last_one_is_looked_for_is_not_left_behind():
    """The sender found nothing more, and before it let go something came in."""
    looked, go_on = list[str](), threading.Event()

    def find_nothing(webhook_id: str) -> Outcome:
        looked.append(webhook_id)
        go_on.wait(10)
        return Outcome.NOTHING_DUE

    worker = DeliveryPools(find_nothing)
    worker.serve("WH-1")
    eventually(lambda: looked)

    worker.serve("WH-1")
    go_on.set()

    assert worker.finish()
    assert looked == ["WH-1", "WH-1"]


def test_a_fault_of_ours_stops_neither_this_webhook_nor_the_others():
    looked = []

    def fail_once(webhook_id: str) -> Outcome:
        looked.append(webhook_id)
        if len(looked) == 1:
            raise RuntimeError("out of order")
        return Outcome.NOTHING_DUE

    worker = DeliveryPools(fail_once)
    for webhook_id in ("WH-1", "WH-1", "WH-2"):
        worker.serve(webhook_id)
        assert worker.finish()

    assert looked == ["WH-1", "WH-1", "WH-2"]


def test_long_backlogs_of_sluggish_receivers_are_sent_in_turns():
    """Half a second each is not struggling, but twenty of them in a row would be ten seconds for those who wait."""
    served = []

    def send_slowly(webhook_id: str) -> Outcome:
        served.append(webhook_id)
        time.sleep(0.5 if webhook_id != "WH-new" else 0)
        return Outcome.SENT if webhook_id != "WH-new" else Outcome.NOTHING_DUE

    worker = DeliveryPools(send_slowly)
    for number in range(QUICK_THREADS):
        worker.serve(f"WH-{number}")
    worker.serve("WH-new")

    eventually(lambda: "WH-new" in served, seconds=6)
    worker.stop()
    assert worker.finish()


def test_a_worker_that_stops_takes_nothing_more(organizer: User, receiver, lanes: DeliveryPools):
    register(organizer, receiver)
    happen(organizer, 30)
    receiver.answering.clear()
    send_due(lanes)
    eventually(lambda: receiver.got)

    lanes.stop()
    receiver.answering.set()
    assert lanes.finish()
    send_due(lanes)

    assert states() == ["DELIVERED"] + ["PENDING"] * 29
