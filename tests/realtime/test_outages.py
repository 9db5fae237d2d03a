"""Redis, the worker or the realtime server stops: bookings go on, and every effect comes later, once."""

import signal

import pytest

from accounts.models import User
from config.launcher.readiness import wait_ready
from events.models import Event
from journal.models import Entry
from tests.support import factories
from tests.support.seat_ledger import findings
from tests.support.socketio_client import token
from tests.support.stack import Stack
from tests.support.waiting import eventually
from tests.support.websocket_client import WebSocketClient

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240)]
PATIENCE = 90.0  # the worker and the sockets wait longer after each failed reconnect


def everything_delivered() -> bool:
    return (
        Entry.objects.filter(type="booking.created", pending=[]).count()
        == Entry.objects.filter(type="booking.created").count()
    )


def test_a_booking_reaches_its_organizer_while_no_worker_runs(
    stack: Stack, event: Event, organizer: User, customer: User, connect
):
    """This test comes first: after a failure a process leaves notifications to the worker for some seconds."""
    client = connect(organizer)
    eventually(lambda: stack.listeners() == 1)
    stack.worker.ask_to_stop(signal.SIGKILL)
    stack.worker.wait_stopped()
    try:
        booked = [stack.book(event, customer)["id"] for _ in range(3)]

        eventually(lambda: client.bookings() == booked)
    finally:
        stack.worker.start()
    eventually(lambda: len(stack.mails_to(customer)) == 3)


def test_bookings_while_redis_is_down_arrive_later_once(
    stack: Stack, event: Event, organizer: User, customer: User, connect
):
    client = connect(organizer)
    before = stack.book(event, customer)["id"]
    eventually(client.bookings)

    assert stack.valkey.child is not None
    stack.valkey.child.ask_to_stop(signal.SIGKILL)
    stack.valkey.child.wait_stopped()
    meanwhile = [stack.book(event, customer)["id"] for _ in range(3)]
    stack.valkey.start()
    after = stack.book(event, customer)["id"]

    expected = sorted([before, *meanwhile, after])
    eventually(lambda: set(client.bookings()) == set(expected), seconds=PATIENCE)
    eventually(lambda: everything_delivered() and len(stack.mails_to(customer)) >= 5, seconds=PATIENCE)
    assert sorted(client.bookings()) == expected
    assert sorted(stack.mails_to(customer)) == expected
    assert findings() == []


def test_bookings_while_the_worker_is_down_arrive_later_once(
    stack: Stack, event: Event, organizer: User, customer: User, connect
):
    client = connect(organizer)
    stack.worker.ask_to_stop(signal.SIGKILL)
    stack.worker.wait_stopped()
    booked = sorted(stack.book(event, customer)["id"] for _ in range(3))

    stack.worker.start()

    eventually(lambda: len(client.bookings()) >= 3 and len(stack.mails_to(customer)) >= 3, seconds=PATIENCE)
    assert (sorted(client.bookings()), sorted(stack.mails_to(customer))) == (booked, booked)


def test_a_refused_mail_address_delays_no_other_mail(stack: Stack, event: Event, customer: User, other_customer: User):
    stack.mail.refused.add(customer.email)
    stack.book(event, customer)

    second = stack.book(event, other_customer)["id"]

    eventually(lambda: stack.mails_to(other_customer) == [second])
    assert stack.mails_to(customer) == []
    failure = eventually(lambda: Entry.objects.exclude(pending=[]).values_list("failures", flat=True).first())
    assert failure["mail"]["attempts"] >= 1
    stack.mail.refused.clear()


def test_bookings_during_a_server_restart_arrive_after_it(
    stack: Stack, event: Event, organizer: User, customer: User, connect
):
    """Clients reconnect by themselves with their last seq."""
    client = connect(organizer)
    before = stack.book(event, customer)["id"]
    eventually(lambda: client.bookings() == [before])
    stack.web.stop()
    meanwhile = [factories.make_booking(event, customer)["id"] for _ in range(3)]
    stack.web.start()
    wait_ready(f"{stack.url}/readyz", stack.web)

    eventually(lambda: len(client.bookings()) == 4, seconds=PATIENCE)

    assert client.seqs() == [1, 2, 3, 4]
    assert sorted(client.bookings()) == sorted([before, *meanwhile])


def test_bookings_without_a_realtime_process_arrive_on_connect(
    stack: Stack, event: Event, organizer: User, customer: User, connect
):
    stack.web.stop()
    booked = [factories.make_booking(event, customer)["id"] for _ in range(3)]
    eventually(lambda: Entry.objects.filter(type="booking.created", delivered__has_key="notify").count() == 3)
    stack.web.start()
    wait_ready(f"{stack.url}/readyz", stack.web)

    client = connect(organizer, lastSeq=0)

    eventually(lambda: client.bookings() == booked)
    assert Entry.objects.exclude(failures={}).count() == 0


def test_a_restart_is_announced_before_sockets_close(stack: Stack, event: Event, organizer: User, connect):
    """Sockets of live seats get the close code alone: their messages are seats and nothing else."""
    client = connect(organizer)
    feed, seats = WebSocketClient(stack, "/ws/me"), WebSocketClient(stack, f"/ws/events/{event.id}")
    feed.send({"token": token(organizer)})
    eventually(lambda: feed.messages() and seats.messages() and client.of_type("ready"))

    stack.web.stop()

    eventually(lambda: (feed.close_code, seats.close_code) == (1012, 1012))
    assert client.of_type("closing") == [{"reason": "restarting"}]
    assert feed.messages()[-1] == {"type": "closing", "reason": "restarting"}
    assert len(seats.messages()) == 1
    stack.web.start()
    wait_ready(f"{stack.url}/readyz", stack.web)
    for websocket in (feed, seats):
        websocket.close()
