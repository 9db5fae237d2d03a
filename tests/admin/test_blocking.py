"""Blocking and unblocking in the admin: with a reason, a journal entry, and the option to hide the user's events."""

import pytest
from django.test import Client

from accounts.models import User
from events.models import Event
from journal.models import Entry
from tests.conftest import client_of
from tests.support import factories
from tests.support.admin_client import browser_of, member_of, messages
from tests.support.bad_input import is_problem

LIST = "/admin/accounts/user/"
FRAUD = {"confirmed": "1", "reason": "FRAUD", "text": "three cards"}


@pytest.fixture
def mona() -> User:
    return member_of("Moderators")


@pytest.fixture
def browser(mona: User) -> Client:
    return browser_of(mona)


def reload(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_blocking_without_a_reason_is_refused(customer: User, browser: Client):
    asked = browser.post(LIST, {"action": "block", "_selected_action": [customer.pk]})
    refused = browser.post(LIST, {"action": "block", "_selected_action": [customer.pk], "confirmed": "1"})

    assert (asked.status_code, refused.status_code) == (200, 400)
    assert refused.context["form"].errors.keys() == {"reason"}
    assert reload(customer).is_active


def test_another_reason_needs_a_text(customer: User, browser: Client):
    page = browser.post(f"{LIST}{customer.pk}/block/", {"confirmed": "1", "reason": "OTHER", "text": " "})

    assert page.context["form"].errors.keys() == {"text"}
    assert reload(customer).is_active


def test_several_users_are_blocked_and_unblocked_at_once(customer: User, stranger: User, browser: Client):
    ids = [customer.pk, stranger.pk]

    browser.post(LIST, {"action": "block", "_selected_action": ids, **FRAUD})
    blocked = [reload(customer).is_active, reload(stranger).is_active]
    browser.post(LIST, {"action": "unblock", "_selected_action": ids, "confirmed": "1", "reason": "MISTAKE"})

    assert blocked == [False, False]
    assert [reload(customer).is_active, reload(stranger).is_active] == [True, True]


def test_the_journal_entry_of_a_block_has_actor_reason_and_change(customer: User, mona: User, browser: Client):
    browser.post(f"{LIST}{customer.pk}/block/", FRAUD)

    entry = Entry.objects.get(type="user.blocked")
    assert (entry.actor, entry.subject) == (mona.pk, customer.pk)
    assert entry.data == {
        "id": customer.pk,
        "reason": "Suspected fraud: three cards",
        "before": {"blocked": False},
        "after": {"blocked": True},
    }


def test_a_second_block_is_refused_and_writes_no_entry(customer: User, browser: Client):
    browser.post(f"{LIST}{customer.pk}/block/", FRAUD)

    again = browser.post(LIST, {"action": "block", "_selected_action": [customer.pk], **FRAUD}, follow=True)

    assert messages(again)[-1] == f"{customer}: This user is blocked already."
    assert Entry.objects.filter(type="user.blocked").count() == 1


def test_the_token_of_a_blocked_user_is_refused_at_once(customer: User, browser: Client):
    client = client_of(customer)

    browser.post(f"{LIST}{customer.pk}/block/", FRAUD)

    assert is_problem(client.get("/api/auth/me"), 401)


def test_the_session_of_blocked_staff_ends(browser: Client, moderator: Client, mona: User):
    moderator.post(f"{LIST}{mona.pk}/block/", FRAUD)

    assert browser.get("/admin/").status_code == 302


def test_the_option_hides_the_published_events_of_an_organizer(
    event: Event, draft: Event, organizer: User, browser: Client, anonymous
):
    browser.post(f"{LIST}{organizer.pk}/block/", {**FRAUD, "hide_events": "on"})

    assert [factories.reload(one).hidden for one in (event, draft)] == [True, False]
    assert anonymous.get("/api/events").json()["results"] == []
    entry = Entry.objects.get(type="event.hidden")
    assert entry.data["text"] == "The organizer's account is blocked: Suspected fraud: three cards"


def test_without_the_option_no_event_is_hidden(event: Event, organizer: User, browser: Client):
    browser.post(f"{LIST}{organizer.pk}/block/", FRAUD)

    assert not factories.reload(event).hidden


@pytest.mark.parametrize("how", ["page", "list"])
def test_moderators_cannot_block_themselves_or_other_staff(mona: User, staff: User, browser: Client, how: str):
    for user in (mona, staff):
        url, more = (
            (f"{LIST}{user.pk}/block/", {})
            if how == "page"
            else (LIST, {"action": "block", "_selected_action": [user.pk]})
        )
        response = browser.post(url, {**FRAUD, **more}, follow=True)
        assert messages(response)[0].startswith(f"{user} was not changed: ")
    assert (reload(mona).is_active, reload(staff).is_active) == (True, True)


def test_support_cannot_block(customer: User):
    support = browser_of(member_of("Support"))

    refused = support.post(f"{LIST}{customer.pk}/block/", FRAUD)
    support.post(LIST, {"action": "block", "_selected_action": [customer.pk], **FRAUD})

    assert refused.status_code == 403
    assert reload(customer).is_active


def test_a_user_page_offers_either_block_or_unblock(customer: User, browser: Client):
    before = browser.get(f"{LIST}{customer.pk}/change/").content.decode()
    browser.post(f"{LIST}{customer.pk}/block/", FRAUD)
    after = browser.get(f"{LIST}{customer.pk}/change/").content.decode()

    assert [f"{customer.pk}/{what}/" in page for page in (before, after) for what in ("block", "unblock")] == [
        True, False, False, True,
    ]  # fmt: skip


def test_the_page_of_a_customer_shows_bookings_and_last_block(event: Event, customer: User, browser: Client):
    factories.make_booking(event, customer, qty=2)
    browser.post(f"{LIST}{customer.pk}/block/", FRAUD)

    panels = browser.get(f"{LIST}{customer.pk}/change/").context["panels"]

    figures = {figure.label: figure for panel in panels for figure in panel.figures}
    assert (figures["Bookings"].value, figures["Spent"].value) == ("1", "50.00 EUR")
    assert figures["Blocked or unblocked"].note == "last: Suspected fraud: three cards"


def test_the_page_of_an_organizer_shows_events_and_decisions(event: Event, organizer: User, browser: Client):
    browser.post(f"{LIST}{organizer.pk}/block/", {**FRAUD, "hide_events": "on"})

    panels = browser.get(f"{LIST}{organizer.pk}/change/").context["panels"]

    figures = {figure.label: figure.value for panel in panels for figure in panel.figures}
    assert (figures["Events"], figures["Hidden"], figures["Decisions about them"]) == ("1", "1", "1")
