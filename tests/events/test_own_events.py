"""GET /api/events/me."""

from datetime import timedelta

import pytest

from accounts.models import User
from config.core.clock import now
from events.models import Event
from tests.support import factories
from tests.support.bad_input import faulty_fields, is_problem

URL = "/api/events/me"


def found(client, query: str) -> list[str]:
    return [event["title"] for event in client.get(f"{URL}?{query}").json()["results"]]


def test_lists_own_events_in_every_state(draft: Event, event: Event, stranger: User, customer: User, as_organizer):
    cancelled = factories.make_event(draft.organizer)
    as_organizer.post(f"/api/events/{cancelled.id}/cancel")
    factories.make_published_event(stranger)
    factories.make_booking(event, customer, qty=2)

    page = as_organizer.get(URL).json()

    assert page["count"] == 3
    assert {one["id"]: (one["status"], one["ticketsSold"], one["revenue"]) for one in page["results"]} == {
        draft.id: ("DRAFT", 0, "0.00"),
        event.id: ("PUBLISHED", 2, "50.00"),
        cancelled.id: ("CANCELLED", 0, "0.00"),
    }


def test_shows_hidden_and_past_ones_too(organizer: User, as_organizer):
    factories.make_past_event(organizer, title="Past")
    hidden = factories.make_published_event(organizer, title="Hidden")
    Event.objects.filter(pk=hidden.pk).update(hidden=True)

    assert found(as_organizer, "") == ["Past", "Hidden"]


def test_shows_seats_as_they_are_now(event: Event, customer: User, as_organizer):
    as_organizer.get(URL)
    factories.make_booking(event, customer)

    assert as_organizer.get(URL).json()["results"][0]["availableSeats"] == 9


@pytest.mark.parametrize(
    ("status", "titles"), [("DRAFT", ["A"]), ("PUBLISHED", ["B"]), ("CANCELLED", []), ("", ["A", "B"])]
)
def test_filters_by_status(organizer: User, as_organizer, status: str, titles: list[str]):
    factories.make_event(organizer, title="A")
    factories.make_published_event(organizer, title="B")

    assert sorted(found(as_organizer, f"status={status}")) == titles


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("dateFrom={today}", ["Tonight", "Next week"]),
        ("dateTo={today}", ["Past", "Tonight"]),
        ("dateFrom={today}&dateTo={today}", ["Tonight"]),
    ],
)
def test_filters_by_date(organizer: User, as_organizer, query: str, titles: list[str]):
    today = (now() + timedelta(days=2)).date()
    for title, days in (("Past", -3), ("Tonight", 2), ("Next week", 9)):
        starts_at = now() + timedelta(days=days)
        event = factories.make_published_event(organizer, title=title)
        Event.objects.filter(pk=event.pk).update(starts_at=starts_at)

    assert found(as_organizer, f"sort=date&{query.format(today=today)}") == titles
    assert found(as_organizer, f"status=PUBLISHED&sort=date&{query.format(today=today)}") == titles


@pytest.mark.parametrize("sort", ["date", "price", "title", "createdAt", "popularity"])
def test_sorts_both_ways(organizer: User, as_organizer, sort: str):
    for number in (1, 2, 3):
        event = factories.make_event(
            organizer, title=str(number), price=number, starts_at=factories.NEXT_YEAR.replace(day=number)
        )
        Event.objects.filter(pk=event.pk).update(tickets_sold=number)

    assert found(as_organizer, f"sort={sort}") == ["1", "2", "3"]
    assert found(as_organizer, f"sort=-{sort}") == ["3", "2", "1"]


def test_the_list_has_pages(organizer: User, as_organizer):
    for title in "BCA":
        factories.make_event(organizer, title=title)

    assert [found(as_organizer, f"sort=-title&pageSize=2&page={page}") for page in (1, 2)] == [["C", "B"], ["A"]]


@pytest.mark.parametrize(
    ("field", "values"),
    [("status", ["VOID", "draft", "%00", "$ne"]), ("sort", ["x", "%00"]), ("pageSize", ["0", "101", "x"])],
)
def test_refuses_bad_parameters_by_name(as_organizer, field: str, values: list[str]):
    for value in values:
        assert faulty_fields(as_organizer.get(f"{URL}?{field}={value}")) == {field}, value


def test_only_organizers_have_an_own_list(anonymous, as_customer, as_staff):
    assert is_problem(anonymous.get(URL), 401, "unauthorized")
    assert is_problem(as_customer.get(URL), 403, "forbidden")
    assert is_problem(as_staff.get(URL), 403, "forbidden")


def test_shows_no_events_of_other_organizers(event: Event, as_stranger):
    assert as_stranger.get(URL).json()["count"] == 0
