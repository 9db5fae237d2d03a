"""POST, PATCH and PUT of events."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from accounts.models import User
from config.clock import iso, now
from config.errors import PreconditionFailed
from events import services
from events.models import Event
from journal.models import Entry
from tests import factories
from tests.bad_input import BAD_TEXT, BROKEN_BODIES, NOT_TEXT, NUL, ONE_MEGABYTE, SURROGATE, faulty_fields, is_problem
from tests.bookings.ledger_state import assert_seats_add_up

URL = "/api/events"
VALID = {"title": "Jazz Night", "date": "2027-05-01T18:00:00Z", "city": "Pune", "price": "25.00", "totalSeats": 100}
NOT_AN_AMOUNT = [None, "", "x", True, [1], {"a": 1}, "NaN", "Infinity", -1, "-0.01", "1.001", 1e300, "1" * 12, 10**40]
BAD_FIELDS = {
    "title": [*BAD_TEXT, "t" * 201],
    "description": [*NOT_TEXT, NUL, SURROGATE, "d" * 10_001],
    "city": [*BAD_TEXT, "c" * 101],
    "venue": [*NOT_TEXT, NUL, SURROGATE, "v" * 201],
    "category": [*NOT_TEXT, NUL, SURROGATE, "c" * 51],
    "timezone": [*BAD_TEXT, "Mars/Olympus", "../../etc/passwd", "europe/berlin"],
    "date": [*NOT_TEXT, "", "soon", "2027-13-01T00:00:00Z", "2027-02-30T00:00:00Z", "0001-01-01T00:00:00+14:00",
             "9999-12-31T23:59:59-12:00", "1999-12-31T23:59:59Z", "2200-01-01T00:00:00Z", NUL, SURROGATE],
    "endDate": [5, True, ["a"], "soon", "2027-05-01T17:59:59Z", "2027-05-01T18:00:00Z"],
    "price": NOT_AN_AMOUNT,
    "totalSeats": [None, "", "5", True, 2.5, [1], 0, -1, 10_000_001, 10**30],
}  # fmt: skip
BAD_TAGS = ["a", 5, None, {"a": 1}, [5], [None], [["a"]], [""], ["  "], ["t" * 41], ["a"] * 21, [NUL], [SURROGATE]]
CASES = [(field, value) for field, values in BAD_FIELDS.items() for value in values]


def change(client, event: Event, changes: dict[str, object], **headers: str):
    return client.patch(f"{URL}/{event.id}", changes, headers=headers)


def test_a_new_event_is_a_draft_with_all_its_seats(as_organizer, organizer: User):
    response = as_organizer.post(URL, {**VALID, "tags": ["music", "jazz", "music"], "timezone": "Asia/Kolkata"})

    answer = response.json()
    assert response.status_code == 201
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
        "organizer": {"id": organizer.id, "name": "Olga Organizer"},
        "publishedAt": None,
        "ticketsSold": 0,
        "revenue": "0.00",
        "hidden": False,
        "hiddenReason": "",
    }


@pytest.mark.parametrize(("price", "stored"), [(25, "25.00"), (0, "0.00"), ("12.5", "12.50"), (19.99, "19.99")])
def test_takes_a_price_as_text_or_number(as_organizer, price: object, stored: str):
    assert as_organizer.post(URL, {**VALID, "price": price}).json()["price"] == stored


@pytest.mark.parametrize(
    ("date", "stored"),
    [("2027-05-01T20:00:00+02:00", "2027-05-01T18:00:00Z"), ("2027-05-01T18:00:00", "2027-05-01T18:00:00Z")],
)
def test_keeps_dates_in_utc(as_organizer, date: str, stored: str):
    assert as_organizer.post(URL, {**VALID, "date": date}).json()["date"] == stored


def test_answers_what_the_next_read_gives(as_organizer):
    created = as_organizer.post(URL, {**VALID, "date": "2027-05-01T18:00:00.123456Z"}).json()

    assert as_organizer.get(f"{URL}/{created['id']}").json() == created


@pytest.mark.parametrize(("field", "value"), CASES)
def test_refuses_a_bad_field_when_creating(as_organizer, field: str, value: object):
    assert faulty_fields(as_organizer.post(URL, {**VALID, field: value})) == {field}
    assert Event.objects.count() == 0


@pytest.mark.parametrize("tags", BAD_TAGS)
def test_refuses_bad_tags(as_organizer, tags: object):
    (field,) = faulty_fields(as_organizer.post(URL, {**VALID, "tags": tags}))

    assert field.split(".")[0] == "tags"


def test_names_every_missing_field(as_organizer):
    assert faulty_fields(as_organizer.post(URL, {})) == {"title", "date", "city", "price", "totalSeats"}


@pytest.mark.parametrize("name", ["<b>Jazz</b>", "Ünï © 🎷", "x" * 200, '"quoted" \\ back'])
def test_keeps_text_as_it_is(as_organizer, name: str):
    assert as_organizer.post(URL, {**VALID, "title": name}).json()["title"] == name


def test_sold_seats_and_money_cannot_be_set(as_organizer):
    answer = as_organizer.post(URL, {**VALID, "ticketsSold": 9, "revenue": "9", "status": "PUBLISHED", "hidden": True})

    assert [answer.json()[name] for name in ("ticketsSold", "revenue", "status", "hidden")] == [
        0,
        "0.00",
        "DRAFT",
        False,
    ]


@pytest.mark.parametrize("method", ["patch", "put"])
def test_changes_only_what_is_sent(draft: Event, as_organizer, method: str):
    response = getattr(as_organizer, method)(f"{URL}/{draft.id}", {"title": "Blues Night"})

    assert (response.status_code, response.json()["title"], response.json()["city"]) == (200, "Blues Night", "Pune")


@pytest.mark.parametrize(("field", "value"), [case for case in CASES if case[0] != "endDate"])
def test_refuses_a_bad_field_when_changing(draft: Event, as_organizer, field: str, value: object):
    assert faulty_fields(change(as_organizer, draft, {field: value})) == {field}


def test_an_end_before_the_start_is_refused(draft: Event, as_organizer):
    end = iso(draft.starts_at - timedelta(hours=1))

    assert faulty_fields(change(as_organizer, draft, {"endDate": end})) == {"endDate"}


def test_seats_added_are_available(event: Event, as_organizer):
    response = change(as_organizer, event, {"totalSeats": 15})

    assert (response.json()["totalSeats"], response.json()["availableSeats"]) == (15, 15)


def test_seats_go_down_to_what_is_sold(event: Event, customer: User, as_organizer):
    factories.make_booking(event, customer, qty=4)

    response = change(as_organizer, event, {"totalSeats": 4})

    assert (response.status_code, response.json()["availableSeats"]) == (200, 0)


def test_seats_do_not_go_below_what_is_sold(event: Event, customer: User, as_organizer):
    factories.make_booking(event, customer, qty=4)

    response = change(as_organizer, event, {"totalSeats": 3, "title": "Smaller"})

    assert is_problem(response, 409, "seats_taken")
    assert factories.reload(event).title == "Jazz Night"


def test_seats_change_while_they_are_booked(event: Event, customer: User, as_organizer):
    def book(_: int) -> None:
        factories.make_booking(event, customer)

    with ThreadPoolExecutor(9) as threads:
        booked = threads.map(book, range(8))
        for seats in (30, 25, 40, 20):
            assert change(as_organizer, event, {"totalSeats": seats}).status_code == 200
        list(booked)

    assert_seats_add_up(event, sold=8)
    assert factories.reload(event).total_seats == 20


def test_each_booking_pays_a_price_that_was_valid(event: Event, customer: User, as_organizer):
    prices = ["25.00", "30.00", "35.00", "40.00"]

    with ThreadPoolExecutor(9) as threads:
        booked = threads.map(lambda _: factories.make_booking(event, customer)["amount"], range(8))
        for price in prices[1:]:
            change(as_organizer, event, {"price": price})
        amounts = list(booked)

    assert set(amounts) <= set(prices)
    assert factories.reload(event).revenue == sum(map(Decimal, amounts))
    assert_seats_add_up(event, sold=8)


def test_a_cancelled_event_does_not_change(event: Event, as_organizer):
    as_organizer.post(f"{URL}/{event.id}/cancel")

    assert is_problem(change(as_organizer, event, {"title": "Late"}), 409, "event_closed")


def test_a_past_event_does_not_change(organizer: User, as_organizer):
    past = factories.make_past_event(organizer)

    assert is_problem(change(as_organizer, past, {"title": "Late"}), 409, "event_closed")


def test_a_published_event_does_not_move_into_the_past(event: Event, as_organizer):
    assert faulty_fields(change(as_organizer, event, {"date": "2020-01-01T00:00:00Z"})) == {"date"}


def test_the_journal_says_what_changed(event: Event, as_organizer, organizer: User):
    change(as_organizer, event, {"venue": "Harbour Stage", "price": "30"})

    entry = Entry.objects.get(type="event.updated")
    assert (entry.subject, entry.actor) == (event.id, organizer.id)
    assert entry.data["changes"] == {
        "venue": {"old": "", "new": "Harbour Stage"},
        "price": {"old": "25.00", "new": "30.00"},
    }


def test_a_change_that_changes_nothing_is_no_change(event: Event, as_organizer):
    response = change(as_organizer, event, {"title": event.title, "price": "25"})

    assert response.status_code == 200
    assert Entry.objects.filter(type="event.updated").count() == 0


def test_without_its_journal_entry_a_change_does_not_stand(event: Event, as_organizer):
    database = connection.database
    database.command({"collMod": "journal_entry", "validator": {"type": {"$ne": "event.updated"}}})
    try:
        response = change(as_organizer, event, {"title": "Blues Night"})
    finally:
        database.command({"collMod": "journal_entry", "validator": {}})

    assert is_problem(response, 500)
    assert factories.reload(event).title == "Jazz Night"


@pytest.mark.parametrize("condition", ["{etag}", "*", "W/{etag}"])
def test_if_match_lets_the_current_version_through(event: Event, as_organizer, condition: str):
    etag = as_organizer.get(f"{URL}/{event.id}")["ETag"]

    response = change(as_organizer, event, {"title": "Blues Night"}, **{"If-Match": condition.format(etag=etag)})

    assert response.status_code == 200


def test_if_match_refuses_another_version(event: Event, as_organizer):
    etag = as_organizer.get(f"{URL}/{event.id}")["ETag"]
    change(as_organizer, event, {"venue": "Harbour Stage"})

    response = change(as_organizer, event, {"title": "Blues Night"}, **{"If-Match": etag})

    assert is_problem(response, 412, "precondition_failed")


def test_if_match_does_not_mind_bookings(event: Event, customer: User, as_organizer):
    etag = as_organizer.get(f"{URL}/{event.id}")["ETag"]
    factories.make_booking(event, customer)

    assert change(as_organizer, event, {"title": "Blues Night"}, **{"If-Match": etag}).status_code == 200


@pytest.mark.parametrize(
    "condition", ["x", '"x"', '"1"', '"-1.ab"', "W/", '"99999999999999999999.ab"', '"1.ab", "2.ab"']
)
def test_if_match_refuses_what_is_no_etag_of_ours(event: Event, as_organizer, condition: str):
    assert is_problem(change(as_organizer, event, {"title": "x"}, **{"If-Match": condition}), 400, "invalid")


def test_of_two_editors_at_once_with_if_match_one_wins(event: Event, organizer: User):
    def edit(title: str) -> bool:
        try:
            services.update_event(
                event_id=event.id, by=organizer.as_caller(), changes={"title": title}, now=now(), version=event.version
            )
        except PreconditionFailed:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(edit, ["A", "B", "C", "D"]))

    assert outcomes.count(True) == 1


def test_two_editors_at_once_without_if_match_both_take_effect(event: Event, organizer: User):
    changes = [{"title": "Blues Night"}, {"city": "Mumbai"}, {"venue": "Harbour Stage"}, {"total_seats": 12}]

    def edit(one: dict[str, object]) -> None:
        services.update_event(event_id=event.id, by=organizer.as_caller(), changes=one, now=now())

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(edit, changes))

    after = factories.reload(event)
    assert (after.title, after.city, after.venue, after.total_seats) == ("Blues Night", "Mumbai", "Harbour Stage", 12)
    assert Entry.objects.filter(type="event.updated").count() == 4


@pytest.mark.parametrize("method", ["patch", "put"])
def test_to_a_stranger_it_does_not_exist(event: Event, as_stranger, method: str):
    assert is_problem(getattr(as_stranger, method)(f"{URL}/{event.id}", {"title": "Mine"}), 404, "not_found")


@pytest.mark.parametrize(("method", "path"), [("post", ""), ("patch", "/{id}"), ("put", "/{id}")])
def test_is_for_signed_in_organizers(event: Event, anonymous, as_customer, method: str, path: str):
    url = URL + path.format(id=event.id)

    assert is_problem(getattr(anonymous, method)(url, VALID), 401, "unauthorized")
    assert is_problem(getattr(as_customer, method)(url, VALID), 403, "forbidden")


@pytest.mark.parametrize("event_id", ["EVT-00000000", "x", "%00", "🎷", "a" * 2000])
def test_an_unknown_event_is_404(as_organizer, event_id: str):
    assert is_problem(as_organizer.patch(f"{URL}/{event_id}", {"title": "x"}), 404, "not_found")


@pytest.mark.parametrize("name", BROKEN_BODIES)
def test_refuses_a_broken_body_when_creating(as_organizer, name: str):
    assert is_problem(as_organizer.generic("POST", URL, BROKEN_BODIES[name], "application/json"), 400, "invalid")


@pytest.mark.parametrize("name", sorted(set(BROKEN_BODIES) - {"nothing", "infinite"}))
def test_refuses_a_broken_body_when_changing(event: Event, as_organizer, name: str):
    response = as_organizer.generic("PATCH", f"{URL}/{event.id}", BROKEN_BODIES[name], "application/json")

    assert is_problem(response, 400, "invalid")


def test_refuses_a_megabyte(event: Event, as_organizer):
    for method, url in (("POST", URL), ("PATCH", f"{URL}/{event.id}")):
        assert is_problem(as_organizer.generic(method, url, ONE_MEGABYTE, "application/json"), 413, "too_large")
