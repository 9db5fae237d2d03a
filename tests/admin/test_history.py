"""The History tab and the decisions of staff as CSV."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from config.core.clock import now
from config.core.csv import harmless
from events.lifecycle import cancel_event
from events.models import Event
from journal.models import Entry
from tests.support import factories
from tests.support.admin_client import browser_of, member_of
from tests.support.event_form import form_of, save

CSV = "/admin/journal/entry/decisions/?csv=1"


@pytest.fixture
def support() -> Client:
    return browser_of(member_of("Support"))


def rows(browser: Client, query: str = "") -> list[dict[str, str]]:
    response = browser.get(CSV + query)
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def decision(type_: str, *, subject: str = "EVT-1", days_ago: int = 0, actor: str = "", **data: object) -> None:
    at = now() - timedelta(days=days_ago)
    Entry.objects.create(id=f"{type_}{days_ago}{subject}", type=type_, at=at, subject=subject, actor=actor, data=data)


def test_the_history_of_an_event_merges_journal_and_admin_log(event: Event, moderator: Client):
    save(moderator, event, form_of(moderator, event), title="Blues Night")

    lines = moderator.get(f"/admin/events/event/{event.pk}/history/").context["rows"]

    assert {(line.source, line.title) for line in lines} == {
        ("admin", "Changed Title."),
        ("journal", "event.updated"),
        ("journal", "event.published"),
        ("journal", "event.created"),
    }
    assert [line.at for line in lines] == sorted((line.at for line in lines), reverse=True)


def test_the_history_of_a_user_shows_who_blocked_them_and_why(customer: User, staff: User, moderator: Client):
    form = {"confirmed": "1", "reason": "OTHER", "text": "<b>shouting</b>"}
    moderator.post(f"/admin/accounts/user/{customer.pk}/block/", form)

    page = moderator.get(f"/admin/accounts/user/{customer.pk}/history/")

    (line,) = page.context["rows"]
    assert (line.title, line.actor_name) == ("user.blocked", f"{staff.name} ({staff.email})")
    assert line.details == [("reason", "<b>shouting</b>"), ("blocked", "False → True")]
    assert "&lt;b&gt;shouting" in page.content.decode()


def test_a_long_history_is_divided_into_pages(customer: User, moderator: Client):
    for number in range(60):
        decision("user.blocked", subject=customer.pk, days_ago=number)

    pages = [moderator.get(f"/admin/accounts/user/{customer.pk}/history/?p={p}") for p in ("1", "2", "3", "x")]

    assert [len(page.context["rows"]) for page in pages] == [50, 10, 0, 50]
    assert [page.context["has_more"] for page in pages] == [True, False, False, True]


@pytest.mark.parametrize("kind", ["events/event", "accounts/user"])
def test_the_history_needs_the_permission_to_view_the_object(event: Event, organizer: User, only_viewing, kind: str):
    pk = event.pk if "event" in kind else organizer.pk

    assert browser_of(only_viewing("entry")).get(f"/admin/{kind}/{pk}/history/").status_code == 403


def test_decisions_are_listed_newest_first_with_actor_and_reason(
    customer: User, moderator: Client, staff: User, support: Client
):
    decision("event.hidden", days_ago=1, actor=staff.pk, reason="Offensive", title="Jazz", before={"hidden": False},
             after={"hidden": True})  # fmt: skip
    moderator.post(f"/admin/accounts/user/{customer.pk}/block/", {"confirmed": "1", "reason": "ASKED"})

    first, second = rows(support)

    assert (first["decision"], first["subject"], first["name"]) == ("user.blocked", customer.pk, staff.name)
    assert (second["title"], second["reason"], second["changes"]) == ("Jazz", "Offensive", "hidden: False → True")


def test_actions_of_organizers_and_customers_are_no_decisions(
    event: Event, organizer: User, customer: User, as_customer, staff: User, support: Client
):
    mine = factories.make_booking(event, customer)
    as_customer.delete(f"/api/bookings/{mine['id']}")
    cancel_event(event_id=event.pk, by=organizer.as_actor(), now=now())
    other = factories.make_published_event(organizer)
    cancel_event(event_id=other.pk, by=staff.as_actor(), now=now())

    assert [(row["decision"], row["subject"]) for row in rows(support)] == [("event.cancelled", other.pk)]


def test_a_cancellation_by_staff_is_a_decision(event: Event, customer: User, support: Client):
    booking = factories.make_booking(event, customer)
    support.post(f"/admin/bookings/booking/{booking['id']}/cancel/", {"confirmed": "1", "reason": "GOODWILL"})

    assert [(row["decision"], row["note"]) for row in rows(support)] == [
        ("booking.cancelled", "Goodwill after the cut-off")
    ]


@pytest.mark.parametrize(
    ("first", "last", "days"), [(2, 2, [2]), (3, 1, [1, 2, 3]), (None, 3, [3, 4]), (1, None, [0, 1])]
)
def test_decisions_are_filtered_by_days(support: Client, first: int | None, last: int | None, days: list[int]):
    for number in range(5):
        decision("event.approved", subject=f"EVT-{number}", days_ago=number)
    bounds = {"first": first, "last": last}
    query = "".join(
        f"&{name}={now() - timedelta(days=ago):%Y-%m-%d}" for name, ago in bounds.items() if ago is not None
    )

    assert [row["subject"] for row in rows(support, query)] == [f"EVT-{number}" for number in days]


@pytest.mark.parametrize("text", ["=1+1", "+1", "@SUM(A1)", "-2", "\t=1"])
def test_formulas_in_cells_are_made_harmless(support: Client, text: str):
    decision("event.hidden", reason=text, title=text, text=text)

    (row,) = rows(support)

    assert {row[name] for name in ("reason", "title", "note")} == {harmless(text)}


@pytest.mark.parametrize("query", ["&first=x", "&last=2026-13-01"])
def test_an_invalid_day_is_answered_400(support: Client, query: str):
    assert support.get(CSV + query).status_code == 400


def test_decisions_need_the_permission_to_view_the_journal(only_viewing):
    assert browser_of(only_viewing("booking")).get(CSV).status_code == 403
