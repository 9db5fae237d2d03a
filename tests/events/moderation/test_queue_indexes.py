"""The queue reads queued events only, according to MongoDB's profiler: 200 of 20,000 events are queued."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from config.core.clock import now
from events.models import Event
from events.moderation.queue_queries import LARGEST_COUNT, count_queue
from tests.conftest import client_of, empty_collections
from tests.support import factories
from tests.support.admin_client import browser_of
from tests.support.event_documents import event_document
from tests.support.moderation import QUEUE
from tests.support.mongodb_profiler import ProfiledCommand, profiled

pytestmark = pytest.mark.no_database  # cleans up for itself: the events are inserted once for all tests here
EVENTS, WAITING = 20_000, 200


@pytest.fixture(autouse=True)
def _no_rule_fires(settings) -> None:
    settings.MODERATION_RULES = ["first_event"]


@pytest.fixture(scope="module")
def boss(migrated: None, django_db_blocker: Any) -> Iterator[User]:
    with django_db_blocker.unblock():
        empty_collections()
        boss = factories.make_user("Mona Moderator", role="STAFF", is_staff=True, is_superuser=True)
        moment = now()
        events = [queued(event_document(number, boss, moment), number) for number in range(EVENTS)]
        connection.database["events_event"].insert_many(events, ordered=False)
        reports = [report(number, boss) for number in range(EVENTS)]
        connection.database["events_report"].insert_many(reports, ordered=False)
        yield boss
        empty_collections()
        connection.database["system.profile"].drop()


def queued(event: dict[str, Any], number: int) -> dict[str, Any]:
    waits = number < WAITING
    at = event["created_at"] + timedelta(days=1) if waits else None
    queue = ["reported", "changed"] if number % 10 == 0 else ["new"]
    return {**event, "queue": queue if waits else [], "queued_at": at, "flags": [], "reports": 0, "notes_to_self": []}


def report(number: int, customer: User) -> dict[str, Any]:
    return {
        "_id": f"RPT-{number:08d}", "event_id": f"EVT-{number:08d}", "customer_id": str(number), "reason": "FRAUD",
        "text": "", "created_at": now(),
    }  # fmt: skip


def works_of(boss: User, address: str) -> list[ProfiledCommand]:
    browser = browser_of(boss)
    with profiled() as done:
        assert browser.get(address).status_code in (200, 302)
    works = [work for work in done if work.collection in ("events_event", "events_report")]
    assert works, "answered without asking MongoDB"
    return works


@pytest.mark.parametrize("query", ["", "?cause=reported", "?cause=new&p=2", "?cause=appealed", "?p=8"])
def test_the_queue_and_its_counts_read_queued_events_only(boss: User, query: str):
    for work in works_of(boss, QUEUE + query):
        assert work.plan.startswith(("IXSCAN", "COUNT_SCAN")), work
        assert not work.sorts_in_memory, work
        assert work.documents <= WAITING, work


def test_a_page_reads_its_own_events_only(boss: User):
    page = works_of(boss, f"{QUEUE}?cause=new")[-1]

    assert page.documents <= 60, page


@pytest.mark.parametrize("address", ["next/", "EVT-00000100/next/?cause=new", "EVT-00019999/next/", "EVT-00000100/"])
def test_an_event_page_and_next_read_at_most_five_documents(boss: User, address: str):
    for work in works_of(boss, QUEUE + address):
        assert work.plan.startswith(("IXSCAN", "IDHACK")), work
        assert work.documents <= 5, work


def test_a_report_reads_at_most_one_document_a_command(boss: User):
    customer = client_of(factories.make_user("Carl Customer", role="CUSTOMER"))
    with profiled() as done:
        assert customer.post("/api/events/EVT-00000101/report", {"reason": "FRAUD"}).status_code == 201

    touched = [work for work in done if work.collection in ("events_event", "events_report")]
    assert all(work.documents <= 1 for work in touched), touched


def test_the_counts_end_at_ten_thousand(boss: User):
    Event.objects.filter(queued_at=None).update(queued_at=now(), queue=["flagged"])

    assert count_queue() == count_queue("flagged") == LARGEST_COUNT
