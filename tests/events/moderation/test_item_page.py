"""The page of one event in the queue: what it shows, and the decisions posted from it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from config.core.clock import now
from events.models import Event
from tests.support import factories
from tests.support.admin_client import messages
from tests.support.moderation import QUEUE, SENTENCE, WHY, decide, hide, post_decision, report, review
from tests.support.seat_ledger import assert_seats_add_up


def page_of(browser: Client, event: Event) -> str:
    response = browser.get(f"{QUEUE}{event.pk}/")
    assert response.status_code == 200
    return response.content.decode()


def texts(pieces: Any) -> list[tuple[str, bool]]:
    return [(piece.text, piece.changed) for piece in pieces]


def test_the_page_shows_causes_flags_reports_and_notes(
    settings, organizer: User, staff: User, customer: User, moderator: Client
):
    settings.MODERATION_RULES = ["links"]
    event = factories.make_published_event(organizer, description="At www.x.example")
    report(event, customer, text="They sold the hall <twice>.")
    decide("note", event, staff, text="Asked the venue.")

    page = page_of(moderator, event)

    for text in ("Newly published", "Reported by customers", "The description links to www.x.example.", "1 report",
                 "They sold the hall &lt;twice&gt;.", "Carl Customer", "Asked the venue."):  # fmt: skip
        assert text in page


def test_changes_since_the_approval_are_marked_and_come_first(approved: Event, moderator: Client, as_organizer):
    as_organizer.patch(f"/api/events/{approved.id}", {"title": "Blues Night", "price": "30.00"})

    rows = moderator.get(f"{QUEUE}{approved.pk}/").context["rows"]

    assert {row.label: (texts(row.old), texts(row.new)) for row in rows if row.changed} == {
        "Title": ([("Jazz", True), (" Night", False)], [("Blues", True), (" Night", False)]),
        "Price": ([("25.00", True)], [("30.00", True)]),
    }
    assert [row.changed for row in rows[:3]] == [True, True, False]
    assert "<del>Jazz</del> Night" in page_of(moderator, approved)


def test_a_long_description_is_compared_in_bearable_time(organizer: User, staff: User, moderator: Client):
    event = factories.make_published_event(organizer, description="word " * 1999)
    decide("approve", event, staff)
    Event.objects.filter(pk=event.pk).update(description="ward word " * 999)

    started = now()
    page_of(moderator, event)
    assert now() - started < timedelta(seconds=5)


@pytest.mark.parametrize("which", ["draft", "event", "hidden", "approved"])
def test_events_in_every_state_have_a_page(request, moderator: Client, which: str):
    assert "Jazz Night" in page_of(moderator, request.getfixturevalue(which))


def test_an_unknown_event_is_404(moderator: Client):
    assert moderator.get(f"{QUEUE}EVT-00000000/").status_code == 404
    assert moderator.post(f"{QUEUE}EVT-00000000/", {"action": "approve"}).status_code == 404


def test_hiding_with_a_reason_takes_the_event_off_the_list(event: Event, post, anonymous, as_customer):
    post(event, "hide", **WHY)

    after = factories.reload(event)
    assert (after.hidden, after.hidden_reason) == (True, SENTENCE)
    assert anonymous.get("/api/events").json()["count"] == 0
    assert as_customer.post("/api/bookings", {"eventId": event.id, "qty": 1}).status_code == 404


@pytest.mark.parametrize("action", ["hide", "cancel"])
def test_without_a_reason_nothing_changes_and_the_text_stays(event: Event, post, action: str):
    response = post(event, action, reason="", text="My words.", confirmed="1")

    assert response.status_code == 400
    assert messages(response) == ["Choose a reason from the list."]
    assert "My words." in response.content.decode()
    assert (factories.reload(event).hidden, factories.reload(event).status) == (False, "PUBLISHED")


def test_a_cancellation_is_previewed_first(event: Event, customer: User, post):
    factories.make_booking(event, customer, qty=2)

    response = post(event, "cancel", **WHY)

    page = response.content.decode()
    assert response.status_code == 200
    for text in ("This cannot be undone", "<dt>Bookings</dt><dd>1</dd>", "<dd>50.00 EUR</dd>", WHY["text"]):
        assert text in page
    assert factories.reload(event).status == "PUBLISHED"


def test_a_confirmed_cancellation_is_done(event: Event, customer: User, post):
    factories.make_booking(event, customer, qty=2)

    response = post(event, "cancel", confirmed="1", **WHY)

    assert messages(response)[0] == "Jazz Night: cancelled; everyone who booked is notified."
    assert factories.reload(event).status == "CANCELLED"
    assert_seats_add_up(event, sold=2)


def test_confirming_a_cancellation_after_a_change_is_refused(event: Event, moderator: Client, as_organizer):
    reviewed = review(event)
    as_organizer.patch(f"/api/events/{event.id}", {"title": "Blues Night"})

    response = post_decision(moderator, event, "cancel", reviewed=reviewed, confirmed="1", **WHY)

    assert response.status_code == 412
    assert messages(response) == ["It changed since you read it: read it again and repeat your change."]
    assert "Blues Night" in response.content.decode()
    assert factories.reload(event).status == "PUBLISHED"


def test_the_second_of_two_moderators_gets_412(event: Event, staff: User, moderator: Client):
    reviewed = review(event)
    hide(event, staff)

    assert post_decision(moderator, event, "approve", reviewed=reviewed).status_code == 412


def test_after_featuring_or_noting_the_event_stays_open(three: list[Event], post):
    for action, text in (("feature", ""), ("note", "Look again."), ("unfeature", "")):
        response = post(three[0], action, text=text)
        assert response.redirect_chain == [(f"{QUEUE}{three[0].pk}/", 302)]


@pytest.mark.parametrize(
    "form",
    [{}, {"action": "x"}, {"action": "approve"}, {"action": "approve", "version": "x", "reports": "0"},
     {"action": "approve", "version": "9" * 40, "reports": "0"}, {"action": "approve", "version": "1", "reports": "-1"},
     {"action": "note", "version": "2", "reports": "0", "text": "\x00"},
     {"action": "note", "version": "2", "reports": "0", "text": "x" * 401}],
)  # fmt: skip
def test_a_forged_form_is_refused(event: Event, moderator: Client, form: dict[str, str]):
    assert moderator.post(f"{QUEUE}{event.pk}/", form).status_code == 400
    assert factories.reload(event).version == event.version
