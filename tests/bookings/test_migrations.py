"""Migrations that rename stored fields keep the data and give the indexes to the new names."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from pymongo.collection import Collection

EVENTS, BOOKINGS = ("events", "0006_newest_reports"), ("bookings", "0006_staff_pages")


def collection(name: str) -> Collection[dict[str, Any]]:
    return connection.database[name]


def migrate(*target: str) -> None:
    call_command("migrate", *target, verbosity=0)


def key_of(name: str, index: str) -> list[tuple[str, int]]:
    return collection(name).index_information()[index]["key"]


@pytest.fixture
def before() -> Iterator[None]:
    """The database as it was before the fields were renamed."""
    migrate(*BOOKINGS)
    migrate(*EVENTS)
    yield
    migrate()


def journal_entry(entry_id: str, entry_type: str, **data: object) -> dict[str, Any]:
    return {"_id": entry_id, "type": entry_type, "data": data}


def test_turns_of_events_become_seat_transactions(before: None):
    collection("events_event").insert_many([{"_id": "EVT-1", "turns": 7, "title": "Jazz"}, {"_id": "EVT-2"}])

    migrate("events")

    assert list(collection("events_event").find().sort("_id", 1)) == [
        {"_id": "EVT-1", "seat_transactions": 7, "title": "Jazz"},
        {"_id": "EVT-2"},
    ]


def test_turn_of_waitlist_entries_becomes_place(before: None):
    collection("bookings_waitlistentry").insert_many([{"_id": f"WL-{n}", "turn": n, "qty": 2} for n in range(3)])

    migrate("bookings")

    found = list(collection("bookings_waitlistentry").find().sort("_id", 1))
    assert found == [{"_id": f"WL-{n}", "place": n, "qty": 2} for n in range(3)]


def test_indexes_of_the_waitlist_hold_the_place(before: None):
    migrate("bookings")

    order = [("event_id", 1), ("status", 1), ("place", 1)]
    assert key_of("bookings_waitlistentry", "waitlist_order") == order
    assert key_of("bookings_waitlistentry", "waitlist_by_size") == [*order[:2], ("qty", 1), order[2]]
    assert "waitlist_line" not in collection("bookings_waitlistentry").index_information()


def test_the_index_of_events_with_a_waitlist_is_renamed(before: None):
    migrate("bookings")

    indexes = collection("events_event").index_information()
    assert indexes["event_with_waitlist"]["partialFilterExpression"] == {"waitlist_length": {"$gt": 0}}
    assert "event_with_line" not in indexes


def test_data_of_2_500_journal_entries_is_renamed_in_batches(before: None):
    entries = [journal_entry(f"e{n}", "waitlist.joined", turn=n, joinedInTurn=n, qty=1) for n in range(2_500)]
    collection("journal_entry").insert_many(entries)

    migrate("bookings")

    found = {entry["_id"]: entry["data"] for entry in collection("journal_entry").find()}
    assert found == {f"e{n}": {"seatTransaction": n, "place": n, "qty": 1} for n in range(2_500)}


def test_other_data_of_journal_entries_stays(before: None):
    cancelled = journal_entry("e1", "booking.cancelled", turn=3, qty=1)
    other = journal_entry("e2", "event.updated", turn="of another type")
    renamed = journal_entry("e3", "waitlist.left", seatTransaction=4, place=2)
    collection("journal_entry").insert_many([cancelled, other, renamed])

    migrate("bookings")

    assert list(collection("journal_entry").find().sort("_id", 1)) == [
        journal_entry("e1", "booking.cancelled", seatTransaction=3, qty=1),
        other,
        renamed,
    ]


def test_migrating_back_restores_the_old_names(before: None):
    migrate("events")
    migrate("bookings")
    collection("events_event").insert_one({"_id": "EVT-1", "seat_transactions": 7})
    collection("bookings_waitlistentry").insert_one({"_id": "WL-1", "place": 5})
    collection("journal_entry").insert_one(journal_entry("e1", "waitlist.left", seatTransaction=7, place=5))

    migrate(*BOOKINGS)
    migrate(*EVENTS)

    assert collection("events_event").find_one() == {"_id": "EVT-1", "turns": 7}
    assert collection("bookings_waitlistentry").find_one() == {"_id": "WL-1", "turn": 5}
    assert collection("journal_entry").find_one() == journal_entry("e1", "waitlist.left", turn=7, joinedInTurn=5)
    assert key_of("bookings_waitlistentry", "waitlist_line") == [("event_id", 1), ("status", 1), ("turn", 1)]
