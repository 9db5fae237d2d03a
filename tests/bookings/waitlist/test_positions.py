"""Positions in a waitlist, and leaving it."""

from accounts.models import User
from events.models import Event
from tests.conftest import client_of
from tests.support import factories
from tests.support.bad_input import is_problem
from tests.support.waitlists import join

URL = "/api/waitlist"


def test_the_length_of_the_waitlist_is_public(full: Event, customer: User, anonymous):
    join(full, customer)

    assert anonymous.get(f"/api/events/{full.id}/availability").json()["waitlistLength"] == 1


def test_the_position_moves_up_when_an_earlier_customer_leaves(full: Event, as_other_customer):
    first, second = factories.make_customers(2)
    join(full, first)
    join(full, second)
    client = client_of(second)
    assert client.get(f"{URL}/position/{full.id}").json()["position"] == 2

    assert client_of(first).delete(f"{URL}/{full.id}").status_code == 204

    assert client.get(f"{URL}/position/{full.id}").json()["position"] == 1
    assert is_problem(client_of(first).get(f"{URL}/position/{full.id}"), 404)


def test_without_an_entry_every_endpoint_is_404(full: Event, customer: User, as_other_customer):
    join(full, customer)

    for event_id in (full.id, "EVT-00000000", "$ne"):
        assert is_problem(as_other_customer.get(f"{URL}/position/{event_id}"), 404, "not_found")
        assert is_problem(as_other_customer.delete(f"{URL}/{event_id}"), 404, "not_found")
        assert is_problem(as_other_customer.post(f"{URL}/{event_id}/accept"), 404, "not_found")
    assert as_other_customer.get(f"{URL}/me").json()["count"] == 0


def test_own_entries_are_listed_newest_first(full: Event, customer: User, as_customer):
    join(full, customer)
    as_customer.delete(f"{URL}/{full.id}")
    join(full, customer, 2)

    listed = as_customer.get(f"{URL}/me").json()

    assert [(entry["qty"], entry["status"]) for entry in listed["results"]] == [(2, "WAITING"), (1, "LEFT")]
