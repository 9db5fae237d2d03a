"""PATCH and PUT /api/events/{id}."""

from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import User
from config.core.clock import iso, now
from events.models import Event
from journal.models import Entry
from tests.support import factories
from tests.support.bad_input import BROKEN_BODIES, ONE_MEGABYTE, faulty_fields, is_problem
from tests.support.event_fields import BAD, BAD_TAGS

URL = "/api/events"


def change(client, event: Event, changes: dict[str, object]):
    return client.patch(f"{URL}/{event.id}", changes)


@pytest.mark.parametrize("method", ["patch", "put"])
def test_changes_only_what_is_sent(draft: Event, as_organizer, method: str):
    response = getattr(as_organizer, method)(f"{URL}/{draft.id}", {"title": "Blues Night"})

    assert (response.status_code, response.json()["title"], response.json()["city"]) == (200, "Blues Night", "Pune")


@pytest.mark.parametrize("field", BAD)
def test_refuses_bad_values_by_their_fields_name(draft: Event, as_organizer, field: str):
    for value in BAD[field]:
        assert faulty_fields(change(as_organizer, draft, {field: value})) == {field}, value


def test_refuses_bad_tags(draft: Event, as_organizer):
    for tags in BAD_TAGS:
        (field,) = faulty_fields(change(as_organizer, draft, {"tags": tags}))
        assert field.split(".")[0] == "tags", tags


@pytest.mark.parametrize("text", ["$city", "$$ROOT", "$", "{$ne:1}"])
def test_text_is_never_taken_for_an_expression(draft: Event, as_organizer, text: str):
    fields = dict.fromkeys(("title", "city", "venue", "category", "description"), text) | {"tags": [text]}

    answer = change(as_organizer, draft, {**fields, "totalSeats": 11}).json()

    assert {name: answer[name] for name in fields} == fields


def test_an_end_before_the_start_is_refused(draft: Event, as_organizer):
    end = iso(draft.starts_at - timedelta(hours=1))

    assert faulty_fields(change(as_organizer, draft, {"endDate": end})) == {"endDate"}


def test_a_start_after_the_end_is_refused(draft: Event, as_organizer):
    change(as_organizer, draft, {"endDate": iso(draft.starts_at + timedelta(hours=1))})

    later = {"date": iso(draft.starts_at + timedelta(hours=2))}

    assert faulty_fields(change(as_organizer, draft, later)) == {"endDate"}


def test_an_end_date_can_be_removed(draft: Event, as_organizer):
    change(as_organizer, draft, {"endDate": iso(draft.starts_at + timedelta(hours=1))})

    assert change(as_organizer, draft, {"endDate": None}).json()["endDate"] is None


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
    assert {name: response.json()[name] for name in ("sold", "held", "availableSeats")} == {
        "sold": 4,
        "held": 0,
        "availableSeats": 6,
    }
    assert factories.reload(event).title == "Jazz Night"


def test_seats_do_not_go_below_what_is_held(event: Event, as_organizer):
    Event.objects.filter(pk=event.pk).update(held_seats=7, available_seats=3)

    assert is_problem(change(as_organizer, event, {"totalSeats": 6}), 409, "seats_taken")
    assert change(as_organizer, event, {"totalSeats": 7}).json()["availableSeats"] == 0


def test_changing_a_cancelled_event_is_refused(event: Event, as_organizer):
    as_organizer.post(f"{URL}/{event.id}/cancel")

    assert is_problem(change(as_organizer, event, {"title": "Late"}), 409, "event_closed")


def test_changing_a_past_event_is_refused(organizer: User, as_organizer):
    past = factories.make_past_event(organizer)

    assert is_problem(change(as_organizer, past, {"title": "Late"}), 409, "event_closed")


def test_a_draft_whose_date_has_passed_can_be_given_another(organizer: User, as_organizer):
    late = factories.make_event(organizer, starts_at=now())

    assert change(as_organizer, late, {"date": iso(factories.NEXT_YEAR)}).status_code == 200


def test_moving_a_published_event_into_the_past_is_refused(event: Event, as_organizer):
    assert faulty_fields(change(as_organizer, event, {"date": "2020-01-01T00:00:00Z"})) == {"date"}


def test_sold_seats_money_and_state_cannot_be_set(event: Event, as_organizer):
    forged = {"ticketsSold": 9, "revenue": "9", "status": "DRAFT", "hidden": True, "availableSeats": 1}

    answer = change(as_organizer, event, forged).json()

    assert answer == as_organizer.get(f"{URL}/{event.id}").json()
    assert (answer["ticketsSold"], answer["status"], answer["availableSeats"]) == (0, "PUBLISHED", 10)


def test_the_journal_says_what_changed(event: Event, as_organizer, organizer: User):
    change(as_organizer, event, {"venue": "Harbour Stage", "price": "30"})

    entry = Entry.objects.get(type="event.updated")
    assert (entry.subject, entry.actor) == (event.id, organizer.id)
    assert entry.data["changes"] == {
        "venue": {"old": "", "new": "Harbour Stage"},
        "price": {"old": "25.00", "new": "30.00"},
    }


@pytest.mark.parametrize("same", [{}, {"title": "Jazz Night", "price": "25"}, {"tags": [], "endDate": None}])
def test_an_update_with_the_same_values_changes_nothing(event: Event, as_organizer, same: dict[str, object]):
    before = as_organizer.get(f"{URL}/{event.id}")["ETag"]

    response = change(as_organizer, event, same)

    assert (response.status_code, response["ETag"]) == (200, before)
    assert Entry.objects.filter(type="event.updated").count() == 0


def test_a_change_whose_entry_fails_is_not_written(event: Event, as_organizer):
    database = connection.database
    database.command({"collMod": "journal_entry", "validator": {"type": {"$ne": "event.updated"}}})
    try:
        response = change(as_organizer, event, {"title": "Blues Night"})
    finally:
        database.command({"collMod": "journal_entry", "validator": {}})

    assert is_problem(response, 500)
    assert factories.reload(event).title == "Jazz Night"


@pytest.mark.parametrize("method", ["patch", "put"])
def test_a_change_by_a_stranger_is_404(event: Event, as_stranger, method: str):
    for body in ({"title": "Mine"}, {"title": 5}):
        response = getattr(as_stranger, method)(f"{URL}/{event.id}", body)
        assert is_problem(response, 404, "not_found")


@pytest.mark.parametrize("method", ["patch", "put"])
def test_only_organizers_change_events(event: Event, anonymous, as_customer, as_staff, method: str):
    url = f"{URL}/{event.id}"

    assert is_problem(getattr(anonymous, method)(url, {}), 401, "unauthorized")
    assert is_problem(getattr(as_customer, method)(url, {}), 403, "forbidden")
    assert is_problem(getattr(as_staff, method)(url, {}), 403, "forbidden")


@pytest.mark.parametrize("event_id", ["EVT-00000000", "x", "%00", "🎷", "a" * 2000, "$ne", "%ED%A0%80"])
def test_an_unknown_event_is_404(as_organizer, event_id: str):
    assert is_problem(as_organizer.patch(f"{URL}/{event_id}", {"title": "x"}), 404, "not_found")


@pytest.mark.parametrize("name", sorted(set(BROKEN_BODIES) - {"nothing", "infinite"}))
def test_refuses_a_broken_body(event: Event, as_organizer, name: str):
    response = as_organizer.generic("PATCH", f"{URL}/{event.id}", BROKEN_BODIES[name], "application/json")

    assert is_problem(response, 400, "invalid")


def test_refuses_a_body_of_a_megabyte(event: Event, as_organizer):
    response = as_organizer.generic("PATCH", f"{URL}/{event.id}", ONE_MEGABYTE, "application/json")

    assert is_problem(response, 413, "too_large")
