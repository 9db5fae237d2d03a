"""GET /api/waitlist/me: a customer's own entries, with their positions."""

from typing import Any

from accounts.models import User
from bookings.waitlist.joining import join_waitlist
from bookings.waitlist.leaving import leave_waitlist
from config.core.clock import now
from events.models import Event
from tests.support import factories
from tests.support.mongodb_commands import database_commands


def sold_out_event(organizer: User, buyer: User) -> Event:
    event = factories.make_published_event(organizer, total_seats=2)
    factories.make_booking(event, buyer, qty=2)
    return event


def wait_for(event: Event, customer: User) -> None:
    join_waitlist(event_id=event.id, customer=customer.as_actor(), qty=1, now=now())


def commands_for_own_waitlist(client: Any) -> list[str]:
    with database_commands() as commands:
        assert client.get("/api/waitlist/me").status_code == 200
    return [command for command in commands if "waitlistentry" in command]


def test_each_waiting_entry_has_its_position(as_other_customer, organizer, customer, other_customer):
    first, second = sold_out_event(organizer, customer), sold_out_event(organizer, customer)
    wait_for(first, other_customer)
    wait_for(second, factories.make_user("Wanda Waiting", role="CUSTOMER"))
    wait_for(second, other_customer)

    results = as_other_customer.get("/api/waitlist/me").json()["results"]

    assert {row["eventId"]: row["position"] for row in results} == {first.id: 1, second.id: 2}


def test_an_entry_that_ended_has_no_position(as_other_customer, organizer, customer, other_customer):
    event = sold_out_event(organizer, customer)
    wait_for(event, other_customer)
    leave_waitlist(event_id=event.id, customer=other_customer.as_actor(), now=now())

    (row,) = as_other_customer.get("/api/waitlist/me").json()["results"]

    assert (row["status"], row["position"]) == ("LEFT", None)


def test_three_entries_cost_as_many_queries_as_one(as_other_customer, organizer, customer, other_customer):
    wait_for(sold_out_event(organizer, customer), other_customer)
    for_one = commands_for_own_waitlist(as_other_customer)
    for _ in range(2):
        wait_for(sold_out_event(organizer, customer), other_customer)

    assert commands_for_own_waitlist(as_other_customer) == for_one
