"""Redis or the worker goes away in the middle: bookings go on, and everything arrives later, once."""

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
from tests.support.websocket_client import Page

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240)]
PATIENCE = 90.0  # reconnecting, the worker and the sockets both wait longer after each failure


def everything_delivered() -> bool:
    return (
        Entry.objects.filter(type="booking.created", pending=[]).count()
        == Entry.objects.filter(type="booking.created").count()
    )


def test_a_booking_reaches_its_organizer_while_no_worker_runs(
    stack: Stack, event: Event, organizer: User, customer: User, listen
):
    """Before any failure: after one, a process leaves its notifications to the worker for some seconds."""
    listener = listen(organizer)
    eventually(lambda: stack.listeners() == 1)
    stack.worker.ask_to_stop(signal.SIGKILL)
    stack.worker.wait_stopped()
    try:
        booked = [stack.book(event, customer)["id"] for _ in range(3)]

        eventually(lambda: listener.bookings() == booked)
    finally:
        stack.worker.start()
    eventually(lambda: len(stack.mails_to(customer)) == 3)


def test_redis_stops_in_the_middle(stack: Stack, event: Event, organizer: User, customer: User, listen):
    listener = listen(organizer)
    before = stack.book(event, customer)["id"]
    eventually(listener.bookings)

    assert stack.valkey.child is not None
    stack.valkey.child.ask_to_stop(signal.SIGKILL)
    stack.valkey.child.wait_stopped()
    meanwhile = [stack.book(event, customer)["id"] for _ in range(3)]
    stack.valkey.start()
    after = stack.book(event, customer)["id"]

    expected = sorted([before, *meanwhile, after])
    eventually(lambda: set(listener.bookings()) == set(expected), seconds=PATIENCE)
    eventually(lambda: everything_delivered() and len(stack.mails_to(customer)) >= 5, seconds=PATIENCE)
    assert sorted(listener.bookings()) == expected
    assert sorted(stack.mails_to(customer)) == expected
    assert findings() == []


def test_the_worker_dies_in_the_middle(stack: Stack, event: Event, organizer: User, customer: User, listen):
    listener = listen(organizer)
    stack.worker.ask_to_stop(signal.SIGKILL)
    stack.worker.wait_stopped()
    booked = sorted(stack.book(event, customer)["id"] for _ in range(3))

    stack.worker.start()

    eventually(lambda: len(listener.bookings()) >= 3 and len(stack.mails_to(customer)) >= 3, seconds=PATIENCE)
    assert (sorted(listener.bookings()), sorted(stack.mails_to(customer))) == (booked, booked)


def test_a_refused_address_does_not_stop_the_rest(stack: Stack, event: Event, customer: User, other_customer: User):
    stack.mail.refused.add(customer.email)
    stack.book(event, customer)

    second = stack.book(event, other_customer)["id"]

    eventually(lambda: stack.mails_to(other_customer) == [second])
    assert stack.mails_to(customer) == []
    failure = eventually(lambda: Entry.objects.exclude(pending=[]).values_list("failures", flat=True).first())
    assert failure["mail"]["attempts"] >= 1
    stack.mail.refused.clear()


def test_the_realtime_server_restarts_in_the_middle(
    stack: Stack, event: Event, organizer: User, customer: User, listen
):
    """Its clients come back by themselves, say what they have, and miss nothing."""
    listener = listen(organizer)
    before = stack.book(event, customer)["id"]
    eventually(lambda: listener.bookings() == [before])
    stack.web.stop()
    meanwhile = [factories.make_booking(event, customer)["id"] for _ in range(3)]
    stack.web.start()
    wait_ready(f"{stack.url}/readyz", stack.web)

    eventually(lambda: len(listener.bookings()) == 4, seconds=PATIENCE)

    assert listener.notifications() == [1, 2, 3, 4]
    assert sorted(listener.bookings()) == sorted([before, *meanwhile])


def test_what_was_stored_while_no_realtime_process_ran_comes_with_the_connection(
    stack: Stack, event: Event, organizer: User, customer: User, listen
):
    stack.web.stop()
    booked = [factories.make_booking(event, customer)["id"] for _ in range(3)]
    eventually(lambda: Entry.objects.filter(type="booking.created", delivered__has_key="notify").count() == 3)
    stack.web.start()
    wait_ready(f"{stack.url}/readyz", stack.web)

    listener = listen(organizer, lastSeq=0)

    eventually(lambda: listener.bookings() == booked)
    assert Entry.objects.exclude(failures={}).count() == 0


def test_a_server_that_restarts_says_so_while_it_can_be_heard(stack: Stack, event: Event, organizer: User, listen):
    """Who watches a gauge is told by the code alone: its messages are seats and nothing else."""
    listener, console, gauge = listen(organizer), Page(stack, "/ws/me"), Page(stack, f"/ws/events/{event.id}")
    console.say({"token": token(organizer)})
    eventually(lambda: console.messages() and gauge.messages() and listener.of("ready"))

    stack.web.stop()

    eventually(lambda: (console.code, gauge.code) == (1012, 1012))
    assert listener.of("closing") == [{"reason": "restarting"}]
    assert console.messages()[-1] == {"type": "closing", "reason": "restarting"}
    assert len(gauge.messages()) == 1
    stack.web.start()
    wait_ready(f"{stack.url}/readyz", stack.web)
    for page in (console, gauge):
        page.close()
