"""GET /api/analytics/events."""

from typing import Any

import pytest

from accounts.models import User
from config.core.clock import iso, now
from events import lifecycle
from events.models import Event
from tests.support import factories
from tests.support.bad_input import NUL, faulty_fields, is_problem

URL = "/api/analytics/events"


def ids(response: Any) -> list[str]:
    return [event["id"] for event in response.json()["results"]]


@pytest.fixture
def sold(organizer: User, stranger: User, customer: User) -> list[Event]:
    """Many cheap tickets of one event, a few dear ones of another, none of the third."""
    cheap = factories.make_published_event(organizer, title="Cheap", price="1.00")
    dear = factories.make_published_event(stranger, title="Dear", price="90.00", total_seats=3)
    factories.make_booking(cheap, customer, qty=5)
    factories.make_booking(dear, customer, qty=2)
    return [cheap, dear, factories.make_event(organizer, title="None")]


def test_events_come_by_most_tickets_by_default(sold: list[Event], as_staff):
    assert ids(as_staff.get(URL)) == [event.pk for event in sold]


def test_each_event_has_its_fill_rate_and_revenue(sold: list[Event], stranger: User, as_staff):
    _, dear, _ = sold

    assert as_staff.get(URL).json()["results"][1] == {
        "id": dear.pk,
        "title": "Dear",
        "status": "PUBLISHED",
        "organizer": {"id": stranger.pk, "name": "Sam Stranger"},
        "date": iso(dear.starts_at),
        "totalSeats": 3,
        "ticketsSold": 2,
        "availableSeats": 1,
        "fillRate": 0.6667,
        "revenue": "180.00",
    }


@pytest.mark.parametrize(
    ("sort", "order"),
    [("tickets", (2, 1, 0)), ("-tickets", (0, 1, 2)), ("revenue", (2, 0, 1)), ("-revenue", (1, 0, 2))],
)
def test_sort_orders_by_tickets_or_revenue(sold: list[Event], as_staff, sort: str, order: tuple[int, ...]):
    assert ids(as_staff.get(URL, {"sort": sort})) == [sold[number].pk for number in order]


@pytest.mark.parametrize("sort", ["fillRate", "-fillRate", "title", "tickets_sold", "--tickets", NUL])
def test_an_unknown_sort_is_named_in_the_400(as_staff, sort: str):
    assert faulty_fields(as_staff.get(URL, {"sort": sort})) == {"sort"}


def test_events_of_every_state_are_listed(sold: list[Event], organizer: User, as_staff):
    lifecycle.cancel_event(event_id=sold[0].pk, by=organizer.as_actor(), now=now())
    Event.objects.filter(pk=sold[1].pk).update(hidden=True)

    assert [event["status"] for event in as_staff.get(URL).json()["results"]] == ["CANCELLED", "PUBLISHED", "DRAFT"]


def test_numbered_pages_list_every_event_once(sold: list[Event], as_staff):
    first = as_staff.get(URL, {"pageSize": 2})
    second = as_staff.get(first.json()["next"])

    assert (first.json()["count"], first.json()["previous"]) == (3, None)
    assert ids(first) + ids(second) == [event.pk for event in sold]


def test_cursor_pages_list_every_event_once(sold: list[Event], as_staff):
    first = as_staff.get(URL, {"pageSize": 2, "cursor": ""})

    assert ids(first) + ids(as_staff.get(first.json()["next"])) == [event.pk for event in sold]


@pytest.mark.parametrize("query", [{"pageSize": "0"}, {"pageSize": "x"}, {"pageSize": "101"}])
def test_an_invalid_page_size_is_named_in_the_400(as_staff, query: dict[str, str]):
    assert faulty_fields(as_staff.get(URL, query)) == {"pageSize"}


@pytest.mark.parametrize("query", [{"page": "0"}, {"page": "x"}, {"page": "9"}, {"cursor": "x"}])
def test_an_unknown_page_or_cursor_is_answered_404(sold: list[Event], as_staff, query: dict[str, str]):
    assert is_problem(as_staff.get(URL, query), 404)


def test_the_ranking_is_for_staff_only(anonymous, as_customer, as_organizer):
    assert is_problem(anonymous.get(URL), 401, "unauthorized")
    assert is_problem(as_customer.get(URL), 403, "forbidden")
    assert is_problem(as_organizer.get(URL), 403, "forbidden")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_writing_methods_are_answered_405(as_staff, method: str):
    assert is_problem(getattr(as_staff, method)(URL), 405, "method_not_allowed")
