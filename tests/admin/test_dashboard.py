"""The admin's first page: figures are correct, link to their lists, and need the permission to view these."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from bookings.models import EventJob
from config.core.clock import midnight, now
from events.models import Event
from journal.dispatch import dispatch
from journal.models import Entry
from tests.support import factories
from tests.support.admin_client import browser_of, member_of

LINK = re.compile(r'href="(/admin/[^"]*)"')


@pytest.fixture
def browser() -> Client:
    return browser_of(member_of("Moderators"))


def figures(browser: Client, part: str) -> dict[str, Any]:
    return {figure.label: figure.value for figure in browser.get("/admin/").context[part].figures}


def test_charts_show_bookings_and_revenue_of_30_days(event: Event, customer: User, browser: Client):
    factories.make_booking(event, customer, qty=2)
    factories.make_booking(event, customer, qty=1)
    dispatch("rollups")

    bookings, revenue = browser.get("/admin/").context["charts"]

    assert (len(bookings.bars), bookings.bars[-1].value, revenue.bars[-1].value) == (30, "2", "75.00 EUR")
    assert (bookings.bars[-1].height, bookings.bars[0].height) == (100.0, 0.0)
    assert bookings.summary == f"2 in 30 days; most on {now():%-d %B}: 2."


def test_a_chart_has_a_text_summary_and_a_table(event: Event, customer: User, browser: Client):
    factories.make_booking(event, customer, qty=2)
    dispatch("rollups")

    page = browser.get("/admin/").content.decode()

    assert f'aria-label="Revenue by day. 50.00 EUR in 30 days; most on {now():%-d %B}: 50.00 EUR."' in page
    assert page.count('<th scope="col">Revenue by day</th>') == 1


def test_charts_without_bookings_say_none(browser: Client):
    assert [chart.summary for chart in browser.get("/admin/").context["charts"]] == ["None in this period."] * 2


def test_events_on_sale_show_their_fill_rate(event: Event, customer: User, organizer: User, browser: Client):
    factories.make_published_event(organizer, title="Empty", starts_at=now() + timedelta(days=1))
    factories.make_booking(event, customer, qty=4)

    context = browser.get("/admin/").context

    assert [(row["event"].title, row["percent"]) for row in context["next_events"]] == [
        ("Empty", 0),
        ("Jazz Night", 40),
    ]
    assert [row["event"].title for row in context["busiest"]] == ["Jazz Night"]


def test_queued_events_are_counted_by_cause(event: Event, organizer: User, browser: Client):
    shown = figures(browser, "queue")

    assert (shown["Events to review"], shown["Newly published"]) == ("1", "1")
    assert (shown["Appealed by its organizer"], shown["Open reports"]) == ("0", "0")


def test_open_reports_are_counted(event: Event, as_customer, browser: Client):
    as_customer.post(f"/api/events/{event.pk}/report", {"reason": "FRAUD", "text": "not there"})

    assert figures(browser, "queue")["Open reports"] == "1"


def test_failing_and_abandoned_deliveries_are_counted(browser: Client):
    failures = {"mail": {"attempts": 3, "error": "OSError", "retry_at": "2027"}}
    make = Entry.objects.create
    make(id="stuck", type="x", at=now(), subject="BK-1", pending=["mail"], failures=failures)
    make(id="given up", type="x", at=now(), subject="BK-2", pending=["!mail"], failures=failures)
    make(id="waiting", type="x", at=now(), subject="BK-3", pending=["mail"])

    assert figures(browser, "journal") == {"Failing, retried": "1", "Given up": "1"}


def test_running_jobs_show_their_percentage(event: Event, browser: Client):
    job = {"kind": "CANCEL", "event_id": event.pk, "data": {}, "cursor": "", "created_at": now(), "updated_at": now()}
    jobs = [
        {**job, "_id": "running", "total": 200, "done": 50, "finished_at": None},
        {**job, "_id": "over", "total": 2, "done": 2, "finished_at": now()},
    ]
    EventJob.documents.insert_many(jobs)

    shown = browser.get("/admin/").context["jobs"]

    assert [(row["job"].pk, row["percent"]) for row in shown] == [("running", 25)]


def test_waitlist_entries_and_offers_are_counted(organizer: User, customer: User, as_other_customer, browser: Client):
    full = factories.make_published_event(organizer, total_seats=1)
    factories.make_booking(full, customer)
    as_other_customer.post("/api/waitlist", {"eventId": full.pk, "qty": 1})

    assert figures(browser, "demand") == {"Waiting entries": "1", "Open offers": "0"}


def test_a_user_registered_at_midnight_is_new_today(browser: Client):
    today = midnight(now().date())
    before = int(figures(browser, "users")["New today"])

    factories.make_user("Mia Midnight", role="CUSTOMER", created_at=today)
    factories.make_user("Yara Yesterday", role="CUSTOMER", created_at=today - timedelta(milliseconds=1))

    assert int(figures(browser, "users")["New today"]) == before + 1


def test_every_link_of_the_dashboard_opens(event: Event, customer: User, browser: Client):
    factories.make_booking(event, customer)
    dispatch("rollups")
    page = browser.get("/admin/").content.decode()

    links = {link.replace("&amp;", "&") for link in LINK.findall(page)}

    assert len(links) > 40
    assert {link: browser.get(link).status_code for link in links if link != "/admin/logout/"} == {
        link: 200 for link in links if link != "/admin/logout/"
    }


@pytest.mark.parametrize(
    ("model", "parts"),
    [
        ("booking", {"charts"}),
        ("event", {"queue", "next_events", "busiest"}),
        ("entry", {"journal"}),
        ("user", {"users"}),
        ("waitlistentry", {"demand"}),
        ("eventjob", {"jobs"}),
        ("group", set()),
    ],
)
def test_each_permission_shows_its_parts_only(event: Event, only_viewing, model: str, parts: set[str]):
    context = browser_of(only_viewing(model)).get("/admin/").context
    every = {"queue", "charts", "next_events", "busiest", "demand", "journal", "jobs", "users"}

    assert {part for part in every if part in context} == parts
