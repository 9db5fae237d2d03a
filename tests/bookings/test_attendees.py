"""POST /api/events/{id}/book and GET /api/events/{id}/bookings."""

import csv
import re
import tracemalloc
from io import StringIO

import pytest

from accounts.models import User
from bookings.models import Booking
from config.core.csv import harmless
from events.models import Event
from tests.support import factories
from tests.support.bad_input import BROKEN_BODIES, NOT_A_NUMBER, faulty_fields, is_problem
from tests.support.mongodb_commands import database_commands

URL = "/api/events"
CSV = {"HTTP_ACCEPT": "text/csv"}


def rows_of(response) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text.removeprefix("\ufeff"))))


def test_booking_an_event_books_one_seat_by_default(event: Event, as_customer):
    response = as_customer.post(f"{URL}/{event.id}/book")

    assert (response.status_code, response.json()["qty"]) == (201, 1)
    assert response.json() == as_customer.get(f"/api/bookings/{response.json()['id']}").json()


def test_booking_an_event_books_qty_seats(event: Event, as_customer):
    assert as_customer.post(f"{URL}/{event.id}/book", {"qty": 3}).json()["amount"] == "75.00"


def test_post_bookings_knows_the_same_idempotency_key(event: Event, as_customer):
    key = {"HTTP_IDEMPOTENCY_KEY": "k1"}
    first = as_customer.post(f"{URL}/{event.id}/book", {"qty": 2}, **key)

    again = as_customer.post("/api/bookings", {"eventId": event.id, "qty": 2}, **key)

    assert (again.status_code, again["Idempotency-Replayed"], again.json()) == (201, "true", first.json())


@pytest.mark.parametrize("qty", [*NOT_A_NUMBER, 0, 21])
def test_refuses_a_bad_quantity(event: Event, as_customer, qty: object):
    assert faulty_fields(as_customer.post(f"{URL}/{event.id}/book", {"qty": qty})) == {"qty"}


@pytest.mark.parametrize("name", sorted(set(BROKEN_BODIES) - {"nothing"}))
def test_refuses_a_broken_body(event: Event, as_customer, name: str):
    response = as_customer.generic("POST", f"{URL}/{event.id}/book", BROKEN_BODIES[name], "application/json")

    assert is_problem(response, 400, "invalid")


def test_booking_is_for_customers(event: Event, anonymous, as_organizer, as_staff):
    for client, status in ((anonymous, 401), (as_organizer, 403), (as_staff, 403)):
        assert is_problem(client.post(f"{URL}/{event.id}/book"), status)


@pytest.mark.parametrize("event_id", ["EVT-00000000", "x", "%00", "🎷", "$ne", "%ED%A0%80"])
def test_an_unknown_event_is_404(as_customer, as_organizer, event_id: str):
    assert is_problem(as_customer.post(f"{URL}/{event_id}/book"), 404, "not_found")
    assert is_problem(as_organizer.get(f"{URL}/{event_id}/bookings"), 404, "not_found")


def test_the_owner_sees_bookings_newest_first(event: Event, customer: User, other_customer: User, as_organizer):
    first = factories.make_booking(event, customer)
    second = factories.make_booking(event, other_customer, qty=2)

    listed = as_organizer.get(f"{URL}/{event.id}/bookings").json()

    assert (listed["count"], listed["results"]) == (2, [second, first])


def test_the_list_has_pages_and_a_filter(event: Event, customer: User, as_organizer, as_customer):
    kept, gone = (factories.make_booking(event, customer) for _ in range(2))
    as_customer.delete(f"/api/bookings/{gone['id']}")

    for query, expected in (
        ("status=CONFIRMED", [kept["id"]]),
        ("status=CANCELLED", [gone["id"]]),
        ("pageSize=1&page=2", [kept["id"]]),
    ):
        found = as_organizer.get(f"{URL}/{event.id}/bookings?{query}").json()["results"]
        assert [booking["id"] for booking in found] == expected
    assert is_problem(as_organizer.get(f"{URL}/{event.id}/bookings?status=VOID"), 400)


def test_staff_see_the_list(event: Event, customer: User, as_staff):
    factories.make_booking(event, customer)

    assert as_staff.get(f"{URL}/{event.id}/bookings").json()["count"] == 1


@pytest.mark.parametrize("headers", [{}, CSV])
def test_to_strangers_the_list_does_not_exist(
    event: Event, customer: User, as_stranger, as_customer, anonymous, headers
):
    factories.make_booking(event, customer)

    for client, status in ((as_stranger, 404), (as_customer, 404), (anonymous, 401)):
        assert is_problem(client.get(f"{URL}/{event.id}/bookings", **headers), status)


def test_the_csv_has_a_row_for_each_booking(event: Event, customer: User, as_organizer):
    booking = factories.make_booking(event, customer, qty=2)

    response = as_organizer.get(f"{URL}/{event.id}/bookings", **CSV)

    header, row = rows_of(response)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="attendees-{event.id}.csv"'
    expected = {
        "booking": booking["id"],
        "status": "CONFIRMED",
        "customer": customer.id,
        "name": "Carl Customer",
        "seats": "2",
        "unit price": "25.00",
        "amount": "50.00",
        "currency": "EUR",
        "booked at": booking["createdAt"],
        "cancelled at": "",
        "checked in at": "",
    }
    assert dict(zip(header, row, strict=True)) == expected


NAMES = ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1", 'a"b,c\nd', "'=1", "Ünï 🎷"]  # noqa: RUF001 - a sign that starts formulas


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_never_a_formula_in_the_csv(event: Event, as_organizer, name: str):
    guest = factories.make_user("Guest One", role="CUSTOMER")
    User.objects.filter(pk=guest.pk).update(name=name)
    factories.make_booking(event, guest)

    _, row = rows_of(as_organizer.get(f"{URL}/{event.id}/bookings", **CSV))

    assert row[3] == harmless(name)
    assert row[3].lstrip()[0] not in "=+-@＝"  # noqa: RUF001 - a sign that starts formulas


def test_a_plain_name_stays_the_same_in_the_csv():
    assert [harmless(name) for name in ("Ann-Marie", "O'Hara", "")] == ["Ann-Marie", "O'Hara", ""]


def insert_bookings(event: Event, customer: User, count: int) -> None:
    factories.make_booking(event, customer)
    (pattern,) = Booking.documents.find()
    Booking.documents.insert_many([{**pattern, "_id": f"BK-{number:08d}"} for number in range(count - 1)])


def test_the_csv_takes_constant_memory(event: Event, customer: User, as_organizer):
    """20,000 bookings need no more memory than a chunk or two."""
    insert_bookings(event, customer, 20_000)
    stream = as_organizer.get(f"{URL}/{event.id}/bookings", **CSV).streaming_content
    for _ in range(1_000):
        next(stream)

    tracemalloc.start()
    count = 1_000 + sum(1 for _ in stream)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert count == 20_001
    assert peak < 4 * 1024**2


def test_the_csv_reads_names_in_chunks(event: Event, customer: User, as_organizer):
    insert_bookings(event, customer, 1_100)

    with database_commands() as commands:
        rows_of(as_organizer.get(f"{URL}/{event.id}/bookings", **CSV))

    assert commands.count("aggregate accounts_user") == 3


def test_tombstones_are_neither_in_the_list_nor_in_the_csv(event: Event, customer: User, as_organizer):
    factories.make_booking(event, customer)
    Booking.objects.update(status="VOID")

    assert as_organizer.get(f"{URL}/{event.id}/bookings").json()["count"] == 0
    assert len(rows_of(as_organizer.get(f"{URL}/{event.id}/bookings", **CSV))) == 1


@pytest.mark.parametrize("name", ["x;=1+1", "x; -1", 'x;"=1', "x\t@SUM(A1)", "x;＋1"])  # noqa: RUF001 - a sign that starts formulas
def test_no_part_of_a_name_is_a_formula_where_semicolons_separate(name: str):
    parts = [part.lstrip(' "') for part in re.split("[;\t]", harmless(name))]

    assert [part[0] for part in parts] == ["x", "'"]
