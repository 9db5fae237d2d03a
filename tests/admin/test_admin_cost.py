"""Lists of the admin stay quick on large collections."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from config import admin
from config.clock import now
from tests import factories
from tests.admin.conftest import browser_of
from tests.conftest import empty_collections
from tests.events.profiling import event_document, profiled

pytestmark = pytest.mark.no_database  # cleans up for itself: the documents are inserted once for all tests here
EVENTS = 12_000


@pytest.fixture(scope="module")
def boss(migrated: None, django_db_blocker: Any) -> Iterator[User]:
    """A superuser, beside many events, bookings and journal entries."""
    with django_db_blocker.unblock():
        empty_collections()
        boss = factories.make_user("Mona Moderator", role="STAFF", is_staff=True, is_superuser=True)
        moment, database = now(), connection.database
        events = [event_document(number, boss, moment) for number in range(EVENTS)]
        database["events_event"].insert_many(events, ordered=False)
        database["bookings_booking"].insert_many([booking(event, boss) for event in events], ordered=False)
        database["journal_entry"].insert_many([entry(event) for event in events], ordered=False)
        yield boss
        empty_collections()
        database["system.profile"].drop()


def booking(event: dict[str, Any], customer: User) -> dict[str, Any]:
    return {
        "_id": event["_id"].replace("EVT", "BK"), "event_id": event["_id"], "customer_id": customer.pk, "qty": 1,
        "unit_price": event["price"], "amount": event["price"], "status": "CONFIRMED",
        "created_at": event["created_at"],
    }  # fmt: skip


def entry(event: dict[str, Any]) -> dict[str, Any]:
    return {
        "_id": event["_id"], "type": "event.created", "at": event["created_at"], "actor": "", "request_id": "",
        "subject": event["_id"], "data": {}, "pending": [], "delivered": {}, "failures": {},
    }  # fmt: skip


@pytest.mark.parametrize(
    "path",
    ["events/event/", "events/event/?q=word149", "bookings/booking/", "bookings/booking/?q=EVT-00000007",
     "journal/entry/", "journal/entry/?q=EVT-00000007", "journal/entry/?delivery=waiting", "journal/entry/?type=x",
     "journal/entry/?delivery=stuck", "accounts/user/?q=mona"],
)  # fmt: skip
def test_a_list_reads_a_page_and_counts_no_further_than_ten_thousand(boss: User, path: str):
    table = path.split("?", maxsplit=1)[0].strip("/").replace("/", "_")
    with profiled() as done:
        assert browser_of(boss).get(f"/admin/{path}").status_code == 200

    works = sorted((work.documents for work in done if work.collection == table), reverse=True)

    assert works[0] <= admin.LONGEST_COUNT
    assert all(documents <= 400 for documents in works[1:]), works


def test_what_lies_beyond_is_not_counted(boss: User):
    page = browser_of(boss).get("/admin/bookings/booking/")

    assert page.context["cl"].result_count == admin.LONGEST_COUNT


def test_no_more_filters_cost_no_more_counts(boss: User):
    """Django offers to count the matches of every choice of every filter."""
    with profiled() as plain:
        browser_of(boss).get("/admin/events/event/")
    with profiled() as asked:
        browser_of(boss).get("/admin/events/event/?_facets=1")

    assert len(asked) == len(plain)
