"""Indexes serve the reads of waitlists, as MongoDB explains them."""

from collections.abc import Mapping
from typing import Any

import pytest
from bson import json_util
from django.db import connection

from accounts.models import User
from bookings.models import WaitlistEntry
from bookings.seats import offer_selection
from bookings.waitlist import closing, positions
from events.models import Event
from tests.support.mongodb_profiler import profiled
from tests.support.waitlists import join

ENTRIES = 300


@pytest.fixture
def entry(full: Event, customer: User) -> WaitlistEntry:
    """The first entry of a long waitlist, among entries of other events."""
    first = join(full, customer)
    (document,) = WaitlistEntry.documents.find()
    others = [
        {**document, "_id": f"WL-{number}", "customer_id": str(number), "place": number, "qty": 1 + number % 20,
         "event_id": full.id if number % 3 == 0 else f"EVT-{number}"}
        for number in range(100, 100 + ENTRIES)
    ]  # fmt: skip
    WaitlistEntry.documents.insert_many(others)
    return first


def explain(command: Mapping[str, Any]) -> dict[str, Any]:
    return connection.database.command("explain", command, verbosity="executionStats")


def test_offers_read_entries_that_fit_in_order_by_size(full: Event, entry: WaitlistEntry):
    cursor = offer_selection.entries_that_fit(full.id, 3, after=[])

    plan = cursor.explain()

    winning = json_util.dumps(plan["queryPlanner"]["winningPlan"])
    assert "SORT_MERGE" in winning
    assert "waitlist_by_size" in winning
    assert plan["executionStats"]["totalDocsExamined"] == plan["executionStats"]["nReturned"]


def test_entries_of_an_event_are_read_in_order(full: Event, entry: WaitlistEntry):
    query = {"event_id": full.id, "status": "WAITING"}

    plan = explain({"find": "bookings_waitlistentry", "filter": query, "sort": {"place": 1}, "limit": 10})

    winning = json_util.dumps(plan["queryPlanner"]["winningPlan"])
    assert ("waitlist_order" in winning, '"SORT"' in winning) == (True, False)
    assert plan["executionStats"]["totalDocsExamined"] == 10


def test_a_position_is_counted_by_the_index_of_the_order(entry: WaitlistEntry):
    WaitlistEntry.documents.update_one({"_id": entry.id}, {"$set": {"place": 250}})

    with profiled() as done:
        assert positions.position_of(entry) == 51

    (work,) = [work for work in done if work.collection == "bookings_waitlistentry"]
    assert work.documents <= 1 + 50


def test_past_events_with_a_waitlist_are_found_by_an_index(full: Event, customer: User):
    join(full, customer)
    (document,) = Event.documents.find({"_id": full.id})
    Event.documents.insert_many([{**document, "_id": f"EVT-{number}", "waitlist_length": 0} for number in range(50)])

    plan = explain({"find": "events_event", "filter": closing.has_begun_with_waitlist(full.starts_at)})

    assert plan["executionStats"]["totalDocsExamined"] == 1
