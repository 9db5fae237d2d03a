"""GET /api/bookings, /api/bookings/me and /api/bookings/{id}."""

import pytest

from accounts.models import User
from events.models import Event
from tests.support import factories
from tests.support.bad_input import faulty_fields, is_problem
from tests.support.mongodb_commands import database_commands

LISTS = ["/api/bookings", "/api/bookings/me"]


def ids(response) -> list[str]:
    assert response.status_code == 200, response.content
    return [booking["id"] for booking in response.json()["results"]]


@pytest.mark.parametrize("url", LISTS)
def test_lists_own_bookings_newest_first(event: Event, customer: User, other_customer: User, as_customer, url: str):
    first = factories.make_booking(event, customer)["id"]
    factories.make_booking(event, other_customer)
    second = factories.make_booking(event, customer)["id"]

    assert ids(as_customer.get(url)) == [second, first]


@pytest.mark.parametrize("url", [*LISTS, "/api/bookings/BK-00000000"])
def test_needs_a_token(anonymous, url: str):
    assert is_problem(anonymous.get(url), 401, "unauthorized")


def test_an_organizer_has_no_bookings_of_their_own(event: Event, customer: User, as_organizer):
    factories.make_booking(event, customer)

    assert ids(as_organizer.get("/api/bookings")) == []


def test_filters_by_event(event: Event, organizer: User, customer: User, as_customer):
    another = factories.make_published_event(organizer, title="Other")
    wanted = factories.make_booking(event, customer)["id"]
    factories.make_booking(another, customer)

    assert ids(as_customer.get(f"/api/bookings?eventId={event.id}")) == [wanted]


@pytest.mark.parametrize(("status", "count"), [("CONFIRMED", 1), ("CANCELLED", 0)])
def test_filters_by_status(event: Event, customer: User, as_customer, status: str, count: int):
    factories.make_booking(event, customer)

    assert as_customer.get(f"/api/bookings?status={status}").json()["count"] == count


@pytest.mark.parametrize("status", ["VOID", "confirmed", "x", "%00", "['a']"])
def test_refuses_an_unknown_status(as_customer, status: str):
    assert faulty_fields(as_customer.get(f"/api/bookings?status={status}")) == {"status"}


@pytest.mark.parametrize("event_id", ["EVT-00000000", "%24ne", "x" * 64])
def test_an_unknown_event_has_no_bookings(as_customer, event_id: str):
    assert ids(as_customer.get(f"/api/bookings?eventId={event_id}")) == []


def test_pages_through_all_without_repeats(organizer: User, customer: User, as_customer):
    event = factories.make_published_event(organizer, total_seats=30)
    made = [factories.make_booking(event, customer)["id"] for _ in range(5)]

    pages = [ids(as_customer.get(f"/api/bookings?pageSize=2&page={page}")) for page in (1, 2, 3)]

    assert [one for page in pages for one in page] == made[::-1]


def test_20_bookings_cost_as_many_commands_as_one(organizer: User, customer: User, as_customer):
    event = factories.make_published_event(organizer, total_seats=30)
    factories.make_booking(event, customer)
    as_customer.get("/api/bookings")
    with database_commands() as one:
        as_customer.get("/api/bookings")
    for _ in range(19):
        factories.make_booking(event, customer)

    with database_commands() as many:
        assert len(ids(as_customer.get("/api/bookings"))) == 20

    assert many == one


@pytest.mark.parametrize("who", ["as_customer", "as_organizer", "as_staff"])
def test_customer_owner_and_staff_read_a_booking(
    event: Event, customer: User, who: str, request: pytest.FixtureRequest
):
    booking = factories.make_booking(event, customer)

    response = request.getfixturevalue(who).get(f"/api/bookings/{booking['id']}")

    assert (response.status_code, response.json()) == (200, booking)


@pytest.mark.parametrize("who", ["as_other_customer", "as_stranger"])
def test_to_others_the_booking_does_not_exist(event: Event, customer: User, who: str, request: pytest.FixtureRequest):
    booking = factories.make_booking(event, customer)

    assert is_problem(request.getfixturevalue(who).get(f"/api/bookings/{booking['id']}"), 404, "not_found")


@pytest.mark.parametrize("booking_id", ["BK-00000000", "x", "EVT-00000000", "%00", "🎷", "$ne", "a" * 3000])
def test_an_unknown_booking_is_404(as_customer, booking_id: str):
    assert is_problem(as_customer.get(f"/api/bookings/{booking_id}"), 404, "not_found")
