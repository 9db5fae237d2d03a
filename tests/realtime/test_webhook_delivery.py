"""Deliveries on their way: signed, retried, once; whatever the receivers do."""

import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from config.clock import now
from events import services
from events.models import Event
from journal.models import Entry
from realtime.models import Delivery, Webhook
from realtime.webhooks import backlog, handler
from realtime.webhooks.addresses import AddressRefused
from realtime.webhooks.lanes import Lanes, send_due
from realtime.webhooks.sender import post, send_next, try_once
from realtime.webhooks.services import create_webhook, delete_webhook, redeliver
from tests import factories
from tests.events.profiling import profiled
from tests.realtime.receiver import Receiver
from tests.waiting import eventually

DOCS = Path(__file__).parents[2] / "docs" / "webhooks.md"
OUR_TYPES = ["booking.created", "event.updated", "event.cancelled"]


@pytest.fixture(autouse=True)
def _may_call_this_machine(settings: Any) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True


@pytest.fixture
def lanes() -> Iterator[Lanes]:
    """A worker."""
    worker = Lanes(send_next)
    yield worker
    worker.stop()
    worker.finish()


@pytest.fixture
def send(lanes: Lanes) -> Callable[[], None]:
    """Have the worker send what is due, and wait until it is done."""

    def send_and_wait() -> None:
        send_due(lanes)
        assert lanes.finish()

    return send_and_wait


def register(owner: User, receiver: Receiver, path: str = "/hook", types: list[str] = OUR_TYPES) -> Webhook:
    return create_webhook(by=owner.as_caller(), url=receiver.url + path, event_types=types, now=now())


def happen(owner: User, count: int = 1) -> list[Delivery]:
    """Have something happen ``count`` times that concerns this organizer; return what is to be sent."""
    before = set(Delivery.objects.values_list("pk", flat=True))
    numbers = range(len(before), len(before) + count)
    data = {"organizerId": owner.pk, "qty": 2}
    entries = [
        Entry(id=f"booking.created:BK-{number}", type="booking.created", at=now(), data={"id": f"BK-{number}", **data})
        for number in numbers
    ]
    handler.deliver(entries)
    return list(Delivery.objects.exclude(pk__in=before).order_by("id"))


def make_due(**fields: Any) -> None:
    """Let the pause before the next attempt be over."""
    Delivery.objects.filter(status="PENDING").update(due_at=now(), **fields)


def states() -> list[str]:
    return sorted(Delivery.objects.values_list("status", flat=True))


def only() -> Delivery:
    return Delivery.objects.get()


def documented_check() -> Callable[..., bool]:
    """Return the function that docs/webhooks.md gives to partners."""
    (code,) = re.findall(r"```python\n(.*?)```", DOCS.read_text(), re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 - the project's own page
    return names["is_from_box_office"]


def test_a_booking_reaches_the_organizers_system(event: Event, organizer: User, customer: User, receiver, send):
    webhook = register(organizer, receiver, "/hook?a=b")
    booking = factories.make_booking(event, customer, qty=2)
    handler.deliver(list(Entry.objects.filter(type="booking.created")))

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
    services.update_event(event_id=event.id, by=organizer.as_caller(), changes={"total_seats": 12}, now=now())
    handler.deliver(list(Entry.objects.filter(type="event.updated")))

    send()

    message = json.loads(receiver.got[0].body)
    assert message["data"]["id"] == event.id
    assert message["data"]["changes"] == {"totalSeats": {"old": 10, "new": 12}}
    assert "organizerId" not in message["data"]


def test_what_an_entry_holds_beyond_that_stays_here(organizer: User, receiver):
    register(organizer, receiver)
    data = {"id": "BK-1", "organizerId": organizer.pk, "customerEmail": "carl@example.com"}

    handler.deliver([Entry(id="e1", type="booking.created", at=now(), data=data)])

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
    from realtime.webhooks.signing import sign

    old = sign(secret=webhook.secret, body=delivery.body, timestamp=int(time.time()) - 301)

    assert not documented_check()(webhook.secret, old, delivery.body.encode())


def test_only_who_asked_is_told(organizer: User, stranger: User, receiver, send):
    register(organizer, receiver, "/yes")
    register(organizer, receiver, "/other-type", types=["event.published"])
    register(stranger, receiver, "/stranger")
    happen(organizer)

    send()

    assert [got.path for got in receiver.got] == ["/yes"]


def test_a_webhook_hears_nothing_of_what_was_before_it(organizer: User, receiver):
    data = {"id": "BK-1", "organizerId": organizer.pk}
    entry = Entry(id="e1", type="booking.created", at=now() - timedelta(milliseconds=1), data=data)
    register(organizer, receiver)

    handler.deliver([entry])

    assert Delivery.objects.count() == 0


def test_an_entry_handed_over_again_is_sent_once(organizer: User, receiver, send):
    register(organizer, receiver)
    entry = Entry(id="e1", type="booking.created", at=now(), data={"id": "BK-1", "organizerId": organizer.pk})
    handler.deliver([entry])
    send()

    handler.deliver([entry])
    send()

    assert len(receiver.got) == 1


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


@pytest.mark.parametrize(
    ("tries", "longest"), [(0, 10), (1, 20), (5, 320), (8, 2560), (9, 3600), (100, 3600), (10**6, 3600)]
)
def test_pauses_double_up_to_an_hour(tries: int, longest: int):
    pauses = {backlog.pause_after(tries).total_seconds() for _ in range(200)}

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


def test_nobody_listens(organizer: User, make_receiver, send):
    receiver = make_receiver()
    register(organizer, receiver)
    receiver.close()
    happen(organizer, 2)

    send()

    attempts = [attempt for delivery in Delivery.objects.all() for attempt in delivery.log]
    assert [(one["status"], one["error"]) for one in attempts] == [(None, "The connection was refused.")]


def test_a_hanging_receiver_does_not_hold_up_the_others(organizer: User, stranger: User, make_receiver, lanes: Lanes):
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


def test_a_receiver_that_starts_to_hang_costs_one_attempt(organizer: User, make_receiver, lanes: Lanes):
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


@pytest.mark.timeout(60)
def test_an_answer_that_drips_is_cut_off(organizer: User):
    """Each byte comes in time; the answer as a whole does not."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url, stop = f"http://127.0.0.1:{server.getsockname()[1]}/", threading.Event()
        threading.Thread(target=drip, args=(server, stop), daemon=True).start()
        webhook = Webhook(url=url, secret="s")
        delivery = Delivery(id="d", type="t", body="{}")

        attempt = try_once(webhook, delivery, seconds=1)

        stop.set()
    assert (attempt.status, attempt.error) == (None, "No complete answer within 1 seconds.")
    assert 900 <= attempt.duration_ms <= 2500


def drip(server: socket.socket, stop: threading.Event) -> None:
    client, _ = server.accept()
    with client:
        client.recv(4096)
        while not stop.wait(0.1):
            client.sendall(b"H")


def test_a_huge_answer_is_not_read(organizer: User, receiver, send):
    receiver.text = b"x" * 50_000_000
    register(organizer, receiver)
    happen(organizer)

    send()

    assert only().status == "DELIVERED"
    assert only().log[0]["durationMs"] < 5_000


def test_what_is_no_http_counts_as_failed():
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=answer_nonsense, args=(server,), daemon=True).start()
        webhook = Webhook(url=f"http://127.0.0.1:{server.getsockname()[1]}/", secret="s")

        attempt = try_once(webhook, Delivery(id="d", type="t", body="{}"))

    assert (attempt.status, attempt.error) == (None, "The answer is not HTTP, or was cut off.")


def answer_nonsense(server: socket.socket) -> None:
    client, _ = server.accept()
    with client:
        client.recv(65536)
        client.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")


def test_two_workers_send_each_once(organizer: User, receiver):
    for number in range(3):
        register(organizer, receiver, f"/{number}")
    happen(organizer, 40)
    workers = [Lanes(send_next) for _ in range(4)]

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(send_due, workers))
    assert all(worker.finish() for worker in workers)

    sent = [got.headers["X-BoxOffice-Delivery"] for got in receiver.got]
    assert (len(sent), len(set(sent))) == (120, 120)
    assert states() == ["DELIVERED"] * 120


def test_a_killed_workers_delivery_is_taken_again_after_its_lease(organizer: User, receiver, send):
    webhook = register(organizer, receiver)
    happen(organizer)
    assert backlog.take(webhook.id, now=now()) is not None  # and then it dies
    send()
    assert receiver.got == []
    assert timedelta(seconds=55) < only().locked_until - now() <= timedelta(seconds=60)

    Delivery.objects.update(locked_until=now())
    send()

    assert (len(receiver.got), only().status) == (1, "DELIVERED")


def test_who_lost_the_lease_changes_nothing(organizer: User, receiver):
    webhook = register(organizer, receiver)
    happen(organizer)
    late = backlog.take(webhook.id, now=now())
    Delivery.objects.update(locked_until=now())
    time.sleep(0.005)
    assert backlog.take(webhook.id, now=now()) is not None
    assert late is not None

    backlog.record(late, backlog.Attempt(at=now(), status=200, error=None, duration_ms=1), now=now())

    assert (only().status, only().log) == ("PENDING", [])


@pytest.mark.parametrize("status", ["DELIVERED", "FAILED", "PENDING"])
def test_sends_again_whatever_became_of_it(organizer: User, receiver, send, status: str):
    webhook = register(organizer, receiver)
    (delivery,) = happen(organizer)
    Delivery.objects.update(status=status, due_at=now() + timedelta(hours=1), created_at=now() - timedelta(days=20))
    send()
    assert receiver.got == []

    redeliver(webhook_id=webhook.id, delivery_id=delivery.id, by=organizer.as_caller(), now=now())
    send()

    assert (len(receiver.got), only().status) == (1, "DELIVERED")


def test_asked_for_during_an_attempt_it_is_sent_after_it(organizer: User, receiver, lanes: Lanes, send):
    webhook = register(organizer, receiver)
    (delivery,) = happen(organizer)
    receiver.answering.clear()
    send_due(lanes)
    eventually(lambda: receiver.got)

    redeliver(webhook_id=webhook.id, delivery_id=delivery.id, by=organizer.as_caller(), now=now())
    send_due(lanes)
    assert len(receiver.got) == 1  # not beside the one that is under way
    receiver.answering.set()
    assert lanes.finish()

    assert (len(receiver.got), only().status) == (2, "DELIVERED")
    assert [attempt["status"] for attempt in only().log] == [200, 200]


def test_deleting_a_webhook_stops_what_waits(organizer: User, receiver, send):
    webhook = register(organizer, receiver)
    happen(organizer, 3)

    delete_webhook(webhook_id=webhook.id, by=organizer.as_caller())
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


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_an_address_inside_is_refused_when_sending_too(organizer: User, receiver, send, settings, host: str):
    webhook = register(organizer, receiver)
    url = receiver.url.replace("127.0.0.1", host).replace("http://", "https://")
    Webhook.objects.filter(pk=webhook.pk).update(url=url)
    happen(organizer)
    settings.WEBHOOK_ALLOW_PRIVATE = False

    send()

    assert receiver.got == []
    assert (only().status, only().log[0]["status"]) == ("PENDING", None)
    assert only().log[0]["error"] == f"The host {host} has an address that is not public."


def test_a_host_that_turns_inside_after_it_was_registered_is_refused(
    organizer: User, receiver, send, settings, name_server: dict[str, list[str]]
):
    settings.WEBHOOK_ALLOW_PRIVATE = False
    name_server["rebind.example"] = ["1.1.1.1", "127.0.0.1"]
    url = f"https://rebind.example:{receiver.server_address[1]}/"
    create_webhook(by=organizer.as_caller(), url=url, event_types=OUR_TYPES, now=now())
    happen(organizer)

    send()

    assert receiver.got == []
    assert only().log[0]["error"] == "The host rebind.example has an address that is not public."


def test_the_host_is_looked_up_once_an_attempt(receiver, name_server: dict[str, list[str]]):
    """A second answer would not have been checked: the call goes to the first one, where nobody listens."""
    name_server["rebind.example"] = ["127.0.0.2", "127.0.0.1"]

    with pytest.raises(ConnectionRefusedError):
        post(f"http://rebind.example:{receiver.server_address[1]}/", {}, "{}", seconds=5)

    assert receiver.got == []
    assert name_server["rebind.example"] == ["127.0.0.1"]


def test_a_refused_address_is_never_connected_to(receiver, settings):
    settings.WEBHOOK_ALLOW_PRIVATE = False

    with pytest.raises(AddressRefused):
        post(f"https://localhost:{receiver.server_address[1]}/", {}, "{}", seconds=5)

    assert receiver.got == []


def test_neither_what_is_done_nor_what_waits_for_others_is_read(organizer: User, stranger: User, receiver):
    mine = register(organizer, receiver)
    happen(organizer, 300)
    Delivery.objects.update(status="DELIVERED")
    register(stranger, receiver)
    happen(stranger, 300)
    happen(organizer, 3)

    with profiled() as done:
        assert len(backlog.due_webhooks(now=now())) == 2
        assert backlog.take(mine.id, now=now()) is not None

    due, take = (work for work in done if work.collection == "realtime_delivery")
    assert (due.plan.split()[0], due.documents) == ("IXSCAN", 0)
    assert (take.plan.split()[0], take.documents, take.sorts_in_memory) == ("IXSCAN", 1, False)


def test_mongodb_deletes_deliveries_after_30_days():
    index = connection.database["realtime_delivery"].index_information()["delivery_ttl"]

    assert (index["key"], index["expireAfterSeconds"]) == ([("created_at", 1)], 30 * 24 * 3600)
