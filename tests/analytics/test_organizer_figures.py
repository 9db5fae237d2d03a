"""GET /api/analytics/me."""

import pytest

from accounts.models import User
from config.core.clock import now
from events import lifecycle
from events.models import Event
from tests.support import factories
from tests.support.bad_input import is_problem
from tests.support.mongodb_commands import database_commands

URL = "/api/analytics/me"


def test_totals_are_summed_over_own_events(event: Event, draft: Event, organizer: User, customer: User, as_organizer):
    cheap = factories.make_published_event(organizer, title="Cheap", price="1.50", total_seats=50)
    factories.make_booking(event, customer, qty=2)
    factories.make_booking(cheap, customer, qty=5)

    assert as_organizer.get(URL).json() == {
        "totalEvents": 3,
        "eventsByStatus": {"DRAFT": 1, "PUBLISHED": 2, "CANCELLED": 0},
        "ticketsSold": 7,
        "totalRevenue": "57.50",
        "currency": "EUR",
        "topSellingEvent": {"id": cheap.id, "title": "Cheap", "ticketsSold": 5, "revenue": "7.50"},
    }


def test_an_organizer_without_events_gets_zeros(as_organizer):
    assert as_organizer.get(URL).json() == {
        "totalEvents": 0,
        "eventsByStatus": {"DRAFT": 0, "PUBLISHED": 0, "CANCELLED": 0},
        "ticketsSold": 0,
        "totalRevenue": "0.00",
        "currency": "EUR",
        "topSellingEvent": None,
    }


def test_revenue_is_exact_to_the_cent(organizer: User, customer: User, as_organizer):
    for price in ("0.10", "0.20", "99999999.99"):
        factories.make_booking(factories.make_published_event(organizer, price=price), customer, qty=3)

    assert as_organizer.get(URL).json()["totalRevenue"] == "300000000.87"


def test_each_booking_shows_at_once(event: Event, customer: User, as_organizer):
    counts = []
    for _ in range(3):
        factories.make_booking(event, customer)
        counts.append(as_organizer.get(URL).json()["ticketsSold"])

    assert counts == [1, 2, 3]


def test_a_cancelled_event_is_counted_as_cancelled(event: Event, organizer: User, as_organizer):
    lifecycle.cancel_event(event_id=event.id, by=organizer.as_actor(), now=now())

    assert as_organizer.get(URL).json()["eventsByStatus"] == {"DRAFT": 0, "PUBLISHED": 0, "CANCELLED": 1}


def test_of_equal_events_the_smaller_id_is_the_top_seller(organizer: User, customer: User, as_organizer):
    events = [factories.make_published_event(organizer) for _ in range(4)]
    for event in events:
        factories.make_booking(event, customer)

    assert as_organizer.get(URL).json()["topSellingEvent"]["id"] == min(event.id for event in events)


def test_a_stranger_gets_zeros(event: Event, customer: User, as_stranger):
    factories.make_booking(event, customer)

    assert as_stranger.get(URL).json()["ticketsSold"] == 0


def test_totals_are_for_organizers_only(anonymous, as_customer, as_staff):
    assert is_problem(anonymous.get(URL), 401, "unauthorized")
    assert is_problem(as_customer.get(URL), 403, "forbidden")
    assert is_problem(as_staff.get(URL), 403, "forbidden")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_writing_methods_are_answered_405(as_organizer, method: str):
    assert is_problem(getattr(as_organizer, method)(URL), 405, "method_not_allowed")


def test_only_events_are_queried(event: Event, customer: User, as_organizer):
    factories.make_booking(event, customer)
    as_organizer.get(URL)

    with database_commands() as sent:
        as_organizer.get(URL)

    assert {command.split()[1] for command in sent} == {"events_event"}
