"""The queue in the admin: what a moderator sees, what one may do, and who may not."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from config.core.clock import now
from events.models import Event
from journal.models import Entry
from tests.admin.conftest import browser_of, messages
from tests.events.moderation.conftest import QUEUE, decide, hide, post_decision, queue_of, report, review, staff_with
from tests.support import factories
from tests.support.seat_ledger import assert_seats_add_up

ACTIONS = ["approve", "hide", "restore", "cancel", "feature", "unfeature", "note"]
WHY = {"reason": "MISLEADING", "text": "There is no such band."}


def page_of(browser: Client, event: Event) -> str:
    response = browser.get(f"{QUEUE}{event.pk}/")
    assert response.status_code == 200
    return response.content.decode()


def titles(response: Any) -> list[str]:
    return [event.title for event in response.context["page"].object_list]


def texts(pieces: Any) -> list[tuple[str, bool]]:
    return [(piece.text, piece.changed) for piece in pieces]


@pytest.fixture
def three(organizer: User) -> list[Event]:
    return [factories.make_published_event(organizer, title=f"Number {number}") for number in (1, 2, 3)]


def test_the_queue_lists_the_oldest_first(three: list[Event], moderator: Client):
    Event.objects.filter(pk=three[2].pk).update(queued_at=now() - timedelta(days=1))

    assert titles(moderator.get(QUEUE)) == ["Number 3", "Number 1", "Number 2"]


def test_it_is_filtered_by_why_events_are_in_it(three: list[Event], customer: User, moderator: Client):
    report(three[1], customer)

    page = moderator.get(f"{QUEUE}?cause=reported")

    assert titles(page) == ["Number 2"]
    assert [tab["count"] for tab in page.context["tabs"]] == ["3", "3", "0", "1", "0", "0"]


@pytest.mark.parametrize("query", ["cause=x", "p=0", "p=x", "p=999", "cause=reported&p=-1", "cause[$ne]=x"])
def test_nonsense_in_the_address_is_passed_over(three: list[Event], moderator: Client, query: str):
    assert moderator.get(f"{QUEUE}?{query}").status_code == 200


def test_an_empty_queue_says_so(moderator: Client):
    assert "No events are waiting here." in moderator.get(QUEUE).content.decode()


def test_a_long_queue_has_pages(organizer: User, moderator: Client):
    for number in range(26):
        factories.make_published_event(organizer, title=f"Number {number}")

    assert len(titles(moderator.get(QUEUE))) == 25
    assert titles(moderator.get(f"{QUEUE}?p=2")) == ["Number 25"]


def test_an_item_shows_reports_flags_and_appeal(settings, organizer: User, staff: User, customer: User, moderator):
    settings.MODERATION_RULES = ["links"]
    event = factories.make_published_event(organizer, description="At www.x.example")
    report(event, customer, text="They sold the hall <twice>.")
    decide("note", event, staff, text="Asked the venue.")

    page = page_of(moderator, event)

    for text in ("Newly published", "Reported by customers", "The description links to www.x.example.", "1 report",
                 "They sold the hall &lt;twice&gt;.", "Carl Customer", "Asked the venue."):  # fmt: skip
        assert text in page


def test_what_changed_since_the_approval_stands_side_by_side(approved: Event, moderator: Client, as_organizer):
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
def test_any_event_can_be_looked_at(request, moderator: Client, which: str):
    assert "Jazz Night" in page_of(moderator, request.getfixturevalue(which))


def test_an_event_that_is_not_there_is_a_404(moderator: Client):
    assert moderator.get(f"{QUEUE}EVT-00000000/").status_code == 404
    assert moderator.post(f"{QUEUE}EVT-00000000/", {"action": "approve"}).status_code == 404


def test_a_decision_goes_on_to_the_next_event(three: list[Event], post):
    response = post(three[0], "approve")

    assert response.redirect_chain == [(f"{QUEUE}{three[1].pk}/", 302)]
    assert messages(response) == ["Number 1: approved."]
    assert queue_of(three[0]) == []


def test_the_next_of_the_same_cause(three: list[Event], customer: User, moderator: Client):
    report(three[0], customer)
    report(three[2], customer)

    found = review(three[0])
    form = {"action": "approve", "version": found.version, "reports": found.reports}
    response = moderator.post(f"{QUEUE}{three[0].pk}/?cause=reported", form)

    assert response["Location"] == f"{QUEUE}{three[2].pk}/?cause=reported"


def test_after_the_last_comes_the_queue(event: Event, post):
    response = post(event, "approve")

    assert response.redirect_chain == [(QUEUE, 302)]
    assert messages(response) == ["Jazz Night: approved.", "That was the last one."]


def test_next_skips_without_deciding(three: list[Event], moderator: Client):
    assert moderator.get(f"{QUEUE}next/")["Location"] == f"{QUEUE}{three[0].pk}/"
    assert moderator.get(f"{QUEUE}{three[0].pk}/next/")["Location"] == f"{QUEUE}{three[1].pk}/"
    assert moderator.get(f"{QUEUE}{three[2].pk}/next/")["Location"] == QUEUE
    assert [queue_of(event) for event in three] == [["new"]] * 3


def test_events_queued_in_the_same_moment_are_all_visited(three: list[Event], moderator: Client):
    Event.objects.all().update(queued_at=now())
    ids = sorted(event.pk for event in three)

    visited = [moderator.get(f"{QUEUE}{one}/next/")["Location"] for one in ids]

    assert visited == [f"{QUEUE}{ids[1]}/", f"{QUEUE}{ids[2]}/", QUEUE]


def test_hiding_with_a_reason(event: Event, post, anonymous, as_customer):
    post(event, "hide", **WHY)

    after = factories.reload(event)
    assert (after.hidden, after.hidden_reason) == (True, "Misleading or false information: There is no such band.")
    assert anonymous.get("/api/events").json()["count"] == 0
    assert as_customer.post("/api/bookings", {"eventId": event.id, "qty": 1}).status_code == 404


@pytest.mark.parametrize("action", ["hide", "cancel"])
def test_without_a_reason_nothing_is_taken_away_and_what_was_written_stays(event: Event, post, action: str):
    response = post(event, action, reason="", text="My words.", confirmed="1")

    assert response.status_code == 400
    assert messages(response) == ["Choose a reason from the list."]
    assert "My words." in response.content.decode()
    assert (factories.reload(event).hidden, factories.reload(event).status) == (False, "PUBLISHED")


def test_a_cancellation_is_shown_first(event: Event, customer: User, post):
    factories.make_booking(event, customer, qty=2)

    response = post(event, "cancel", **WHY)

    page = response.content.decode()
    assert response.status_code == 200
    for text in ("This cannot be undone", "<dt>Bookings</dt><dd>1</dd>", "<dd>50.00 EUR</dd>", WHY["text"]):
        assert text in page
    assert factories.reload(event).status == "PUBLISHED"


def test_and_done_once_it_is_confirmed(event: Event, customer: User, post):
    factories.make_booking(event, customer, qty=2)

    response = post(event, "cancel", confirmed="1", **WHY)

    assert messages(response)[0] == "Jazz Night: cancelled; everyone who booked is notified."
    assert factories.reload(event).status == "CANCELLED"
    assert_seats_add_up(event, sold=2)


def test_a_change_between_preview_and_confirmation_is_told(event: Event, moderator: Client, as_organizer):
    found = review(event)
    as_organizer.patch(f"/api/events/{event.id}", {"title": "Blues Night"})

    form = {"action": "cancel", "version": found.version, "reports": found.reports, "confirmed": "1", **WHY}
    response = moderator.post(f"{QUEUE}{event.pk}/", form)

    assert response.status_code == 412
    assert messages(response) == ["It changed since you read it: read it again and repeat your change."]
    assert "Blues Night" in response.content.decode()
    assert factories.reload(event).status == "PUBLISHED"


def test_of_two_moderators_the_second_is_told(event: Event, staff: User, moderator: Client):
    found = review(event)
    hide(event, staff)

    form = {"action": "approve", "version": found.version, "reports": found.reports}
    assert moderator.post(f"{QUEUE}{event.pk}/", form).status_code == 412


def test_featuring_and_noting_stay_on_the_event(three: list[Event], post):
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


def test_several_are_approved_at_once(three: list[Event], moderator: Client):
    chosen = [f"{event.pk}:{event.version}:{event.reports}" for event in three[:2]]

    response = moderator.post(QUEUE, {"action": "approve", "chosen": chosen}, follow=True)

    assert messages(response) == ["Number 1: approved.", "Number 2: approved."]
    assert [queue_of(event) for event in three] == [[], [], ["new"]]


def test_several_are_hidden_for_one_reason(three: list[Event], moderator: Client):
    chosen = [f"{event.pk}:{event.version}:{event.reports}" for event in three]

    moderator.post(QUEUE, {"action": "hide", "chosen": chosen, **WHY})

    assert {factories.reload(event).hidden_reason for event in three} == {
        "Misleading or false information: There is no such band."
    }
    assert Entry.objects.filter(type="event.hidden").count() == 3


def test_of_several_each_that_changed_is_named(three: list[Event], staff: User, moderator: Client):
    chosen = [f"{event.pk}:{event.version}:{event.reports}" for event in three]
    decide("note", three[1], staff, text="Wait.")

    response = moderator.post(QUEUE, {"action": "approve", "chosen": chosen}, follow=True)

    assert messages(response) == [
        "Number 1: approved.",
        f"{three[1].pk}: It changed since you read it: read it again and repeat your change.",
        "Number 3: approved.",
    ]


@pytest.mark.parametrize(
    "form",
    [{}, {"action": "approve"}, {"action": "cancel", "chosen": "{0}"}, {"action": "approve", "chosen": "EVT-1"},
     {"action": "hide", "chosen": "{0}"}, {"action": "hide", "chosen": "{0}", "reason": "x"},
     {"action": "approve", "chosen": "EVT-00000000:1:0"}],
)  # fmt: skip
def test_a_bulk_that_makes_no_sense_changes_nothing(event: Event, moderator: Client, form: dict[str, str]):
    chosen = form.get("chosen", "").format(f"{event.pk}:{event.version}:0")

    response = moderator.post(QUEUE, {**form, "chosen": chosen}, follow=True)

    assert len(messages(response)) == 1
    assert factories.reload(event).version == event.version


def test_support_looks_and_decides_nothing(event: Event, support: Client):
    assert 'name="action"' not in page_of(support, event) + support.get(QUEUE).content.decode()
    for action in ACTIONS:
        assert post_decision(support, event, action, confirmed="1", **WHY).status_code == 403
    assert support.post(QUEUE, {"action": "approve", "chosen": f"{event.pk}:2:0"}).status_code == 403
    assert factories.reload(event).version == event.version


def test_other_staff_see_nothing_of_it(event: Event):
    other = browser_of(staff_with("Otto Other", "view_booking"))

    for address in (QUEUE, f"{QUEUE}{event.pk}/", f"{QUEUE}next/", f"{QUEUE}{event.pk}/next/"):
        assert other.get(address).status_code == 403
    assert post_decision(other, event, "approve").status_code == 403


@pytest.mark.parametrize("who", ["organizer", "customer", "stranger"])
def test_people_who_are_no_staff_never_get_in(request, event: Event, who: str):
    browser = browser_of(request.getfixturevalue(who))

    for address in (QUEUE, f"{QUEUE}{event.pk}/"):
        for response in (browser.get(address), browser.post(address, {"action": "approve"})):
            assert response["Location"].startswith("/admin/login/")
    assert factories.reload(event).version == event.version


def test_a_forged_request_from_another_site_is_refused(event: Event, staff: User):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(staff)

    form = {"action": "approve", "version": event.version, "reports": 0}
    assert browser.post(f"{QUEUE}{event.pk}/", form).status_code == 403
    assert browser.post(QUEUE, {"action": "approve"}).status_code == 403


def test_no_script_or_handler_stands_in_the_pages(event: Event, moderator: Client):
    for page in (page_of(moderator, event), moderator.get(QUEUE).content.decode()):
        ours = page[page.index('<div class="mod">') :]
        assert " onclick=" not in ours
        assert "<script>" not in ours[: ours.index("</dialog>")]
