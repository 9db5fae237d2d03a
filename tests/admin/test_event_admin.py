"""Events in the admin: edits go through the services, and the seat ledger stays consistent."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from accounts.models import User
from events.models import Event
from journal.models import Entry
from tests.support import factories
from tests.support.admin_client import browser_of, messages
from tests.support.event_form import EVENTS, form_of, save
from tests.support.seat_ledger import assert_seats_add_up


@pytest.fixture
def booked(event: Event, customer: User) -> Event:
    factories.make_booking(event, customer, qty=2)
    return event


def test_an_edit_writes_the_journal_entry_of_the_service(booked: Event, staff: User, moderator: Client):
    save(moderator, booked, form_of(moderator, booked), title="Blues Night", price="30")

    entry = Entry.objects.get(type="event.updated")
    assert entry.actor == staff.pk
    assert entry.data["changes"] == {
        "title": {"old": "Jazz Night", "new": "Blues Night"},
        "price": {"old": "25.00", "new": "30.00"},
    }


def test_an_edit_shows_at_once_in_the_api(booked: Event, moderator: Client, anonymous):
    form = form_of(moderator, booked)
    anonymous.get("/api/events")

    save(moderator, booked, form, title="Blues Night")

    assert [event["title"] for event in anonymous.get("/api/events").json()["results"]] == ["Blues Night"]


def test_saving_an_unchanged_form_changes_nothing(organizer: User, moderator: Client):
    event = factories.make_event(organizer, description="One\nTwo", tags=["a b", "c"], title="  x ")

    save(moderator, event, form_of(moderator, event), title="x")
    save(moderator, event, form_of(moderator, event))

    assert [(entry.type, entry.data.get("changes", {}).keys()) for entry in Entry.objects.order_by("at")] == [
        ("event.created", {}.keys()),
        ("event.updated", {"title"}),
    ]
    assert factories.reload(event).description == "One\nTwo"


def test_posted_ledger_fields_are_ignored(booked: Event, moderator: Client):
    form = form_of(moderator, booked)
    forged = {"available_seats": 99, "tickets_sold": 0, "revenue": 0, "held_seats": 5, "status": "DRAFT", "claims": "x"}

    save(moderator, booked, form, **forged, hidden="on", organizer="USR-00000000", id="x", title="Blues Night")

    after = factories.reload(booked)
    assert (after.title, after.available_seats, after.status, after.hidden) == ("Blues Night", 8, "PUBLISHED", False)
    assert after.organizer_id == booked.organizer_id
    assert_seats_add_up(booked, sold=2)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("title", ["", "\x00", "a\r\nb", "t" * 201]),
        ("price", ["-1", "NaN", "1e400", "1.001", "x", "9" * 12]),
        ("total_seats", [0, -1, "x", 10_000_001, 10**30]),
        ("timezone", ["", "Mars/X", "UTC\x00"]),
        ("tags", ["a,,b", "t" * 41, ",".join("abcdefghijklmnopqrstuvwxyz"), "a\tb"]),
        ("city", ["", "c" * 101]),
        ("starts_at_0", ["", "x", "1999-12-31", "9999-12-31", "0001-01-01"]),
        ("version", ["", "x", 10**30]),
    ],
)
def test_the_form_refuses_what_the_api_refuses(booked: Event, moderator: Client, field: str, values: list[object]):
    form = form_of(moderator, booked)

    for value in values:
        page = save(moderator, booked, form, **{field: value})
        assert page.context["adminform"].form.errors.keys() == {field.removesuffix("_0")}, value
    assert factories.reload(booked).version == booked.version


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"total_seats": 1}, "More seats than that are sold or held already."),
        ({"starts_at_0": "2020-01-01"}, "A published event must lie in the future."),
        ({"ends_at_0": "2020-01-01", "ends_at_1": "00:00:00"}, "The end must come after the start."),
    ],
)
def test_a_refusal_of_the_service_is_shown_and_not_logged(
    booked: Event, moderator: Client, changes: dict[str, object], refusal: str
):
    response = save(moderator, booked, form_of(moderator, booked), **changes)

    assert messages(response) == [f"Not saved: {refusal}"]
    assert response.redirect_chain == [(f"{EVENTS}{booked.pk}/change/", 302)]
    assert (LogEntry.objects.count(), Entry.objects.filter(type="event.updated").count()) == (0, 0)


def test_of_two_editors_the_second_is_refused(booked: Event, moderator: Client):
    form = form_of(moderator, booked)
    save(moderator, booked, form, title="First")

    response = save(moderator, booked, form, title="Second")

    assert messages(response) == ["Not saved: It changed since you read it: read it again and repeat your change."]
    assert factories.reload(booked).title == "First"


def test_an_edit_succeeds_after_a_booking_in_the_meantime(event: Event, customer: User, moderator: Client):
    form = form_of(moderator, event)
    factories.make_booking(event, customer, qty=2)

    save(moderator, event, form, total_seats=5)

    assert factories.reload(event).available_seats == 3
    assert_seats_add_up(event, sold=2)


@pytest.mark.parametrize(("action", "status"), [("publish", "PUBLISHED"), ("cancel", "CANCELLED")])
def test_an_action_makes_its_transition(draft: Event, staff: User, moderator: Client, action: str, status: str):
    moderator.post(EVENTS, {"action": action, "_selected_action": [draft.pk], "confirmed": "1", "reason": "RULES"})

    assert factories.reload(draft).status == status
    assert Entry.objects.get(type=f"event.{status.lower()}").actor == staff.pk


def test_a_refused_action_says_why(event: Event, moderator: Client):
    response = moderator.post(EVENTS, {"action": "publish", "_selected_action": [event.pk]}, follow=True)

    assert messages(response) == [f"Jazz Night ({event.pk}): Only a draft can be published; this event is PUBLISHED."]


def test_staff_with_view_permission_cannot_change_events(event: Event, only_viewing):
    browser = browser_of(only_viewing("event"))

    refused = browser.post(f"{EVENTS}{event.pk}/change/", {"title": "x"})
    browser.post(EVENTS, {"action": "cancel", "_selected_action": [event.pk]})

    assert (browser.get(EVENTS).status_code, refused.status_code) == (200, 403)
    assert factories.reload(event).status == Event.Status.PUBLISHED
