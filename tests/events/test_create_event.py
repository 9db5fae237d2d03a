"""POST /api/events."""

import pytest

from accounts.models import User
from events.models import Event
from journal.models import Entry
from tests.support.bad_input import BROKEN_BODIES, ONE_MEGABYTE, faulty_fields, is_problem
from tests.support.event_fields import BAD, BAD_TAGS, VALID

URL = "/api/events"


def test_a_new_event_is_a_draft_with_all_its_seats(as_organizer, organizer: User):
    response = as_organizer.post(URL, {**VALID, "tags": ["music", "jazz", "music"], "timezone": "Asia/Kolkata"})

    answer = response.json()
    assert (response.status_code, response["Location"]) == (201, f"http://testserver{URL}/{answer['id']}")
    assert answer.pop("id").startswith("EVT-")
    assert answer.pop("createdAt") == answer.pop("updatedAt")
    assert answer == {
        **VALID,
        "description": "",
        "endDate": None,
        "timezone": "Asia/Kolkata",
        "venue": "",
        "category": "",
        "tags": ["music", "jazz"],
        "currency": "EUR",
        "availableSeats": 100,
        "status": "DRAFT",
        "featured": False,
        "organizer": {"id": organizer.id, "name": "Olga Organizer"},
        "publishedAt": None,
        "ticketsSold": 0,
        "revenue": "0.00",
        "hidden": False,
        "hiddenReason": "",
    }


def test_a_new_event_has_one_journal_entry(as_organizer, organizer: User):
    created = as_organizer.post(URL, VALID).json()

    entry = Entry.objects.get()
    assert (entry.type, entry.subject, entry.actor) == ("event.created", created["id"], organizer.id)
    assert entry.data["title"] == "Jazz Night"


@pytest.mark.parametrize(
    ("price", "stored"),
    [(25, "25.00"), (0, "0.00"), ("12.5", "12.50"), (19.99, "19.99"), ("99999999.99", "99999999.99")],
)
def test_takes_a_price_as_text_or_number(as_organizer, price: object, stored: str):
    assert as_organizer.post(URL, {**VALID, "price": price}).json()["price"] == stored


@pytest.mark.parametrize("price", [-0.0, "-0", "-0.00", "0"])
def test_a_price_of_zero_is_stored_without_a_sign(as_organizer, price: object):
    assert as_organizer.post(URL, {**VALID, "price": price}).json()["price"] == "0.00"


@pytest.mark.parametrize(
    ("date", "stored"),
    [
        ("2027-05-01T20:00:00+02:00", "2027-05-01T18:00:00Z"),
        ("2027-05-01T18:00:00", "2027-05-01T18:00:00Z"),
        ("2027-05-01", "2027-05-01T00:00:00Z"),
        ("2027-05-01T18:00:00.123456Z", "2027-05-01T18:00:00.123Z"),
        ("2199-12-31T23:59:59.999Z", "2199-12-31T23:59:59.999Z"),
    ],
)
def test_keeps_dates_in_utc_to_the_millisecond(as_organizer, date: str, stored: str):
    assert as_organizer.post(URL, {**VALID, "date": date}).json()["date"] == stored


def test_the_response_equals_the_next_read(as_organizer):
    created = as_organizer.post(URL, {**VALID, "date": "2027-05-01T18:00:00.123456Z"})

    read = as_organizer.get(f"{URL}/{created.json()['id']}")
    assert (read.json(), read["ETag"]) == (created.json(), created["ETag"])


@pytest.mark.parametrize("field", BAD)
def test_refuses_bad_values_by_their_fields_name(as_organizer, field: str):
    for value in BAD[field]:
        assert faulty_fields(as_organizer.post(URL, {**VALID, field: value})) == {field}, value
    assert Event.objects.count() == 0


def test_refuses_bad_tags(as_organizer):
    for tags in BAD_TAGS:
        (field,) = faulty_fields(as_organizer.post(URL, {**VALID, "tags": tags}))
        assert field.split(".")[0] == "tags", tags


@pytest.mark.parametrize("end", ["2027-05-01T17:59:59Z", "2027-05-01T18:00:00Z"])
def test_refuses_an_end_that_is_not_after_the_start(as_organizer, end: str):
    assert faulty_fields(as_organizer.post(URL, {**VALID, "endDate": end})) == {"endDate"}


def test_names_every_missing_field(as_organizer):
    assert faulty_fields(as_organizer.post(URL, {})) == {"title", "date", "city", "price", "totalSeats"}


@pytest.mark.parametrize(
    "text", ["<b>Jazz</b>", "Ünï © 🎷", "x" * 200, '"quoted" \\ back', "$city", "$$ROOT", "{{7*7}}"]
)
def test_keeps_text_as_it_is(as_organizer, text: str):
    answer = as_organizer.post(URL, {**VALID, "title": text, "venue": text}).json()

    assert (answer["title"], answer["venue"]) == (text, text)


def test_a_description_keeps_its_line_breaks(as_organizer):
    assert as_organizer.post(URL, {**VALID, "description": "One\n\nTwo"}).json()["description"] == "One\n\nTwo"


def test_sold_seats_money_and_state_cannot_be_set(as_organizer):
    forged = {"ticketsSold": 9, "revenue": "9", "status": "PUBLISHED", "hidden": True, "availableSeats": 1, "id": "x"}

    answer = as_organizer.post(URL, {**VALID, **forged}).json()

    assert {name: answer[name] for name in ("ticketsSold", "revenue", "status", "hidden", "availableSeats")} == {
        "ticketsSold": 0,
        "revenue": "0.00",
        "status": "DRAFT",
        "hidden": False,
        "availableSeats": 100,
    }


def test_only_organizers_create_events(anonymous, as_customer, as_staff):
    assert is_problem(anonymous.post(URL, VALID), 401, "unauthorized")
    assert is_problem(as_customer.post(URL, VALID), 403, "forbidden")
    assert is_problem(as_staff.post(URL, VALID), 403, "forbidden")


@pytest.mark.parametrize("name", BROKEN_BODIES)
def test_refuses_a_broken_body(as_organizer, name: str):
    assert is_problem(as_organizer.generic("POST", URL, BROKEN_BODIES[name], "application/json"), 400, "invalid")


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x"]
)
def test_refuses_what_is_not_json(as_organizer, content_type: str):
    assert is_problem(as_organizer.generic("POST", URL, b"title=Jazz", content_type), 415, "unsupported_media_type")


def test_refuses_a_body_of_a_megabyte(as_organizer):
    assert is_problem(as_organizer.generic("POST", URL, ONE_MEGABYTE, "application/json"), 413, "too_large")
