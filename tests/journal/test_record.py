"""Writing the journal."""

import pytest

from config.clock import now
from config.mongo.transactions import run_in_transaction
from journal import services
from journal.models import Entry

EVENT = {"type": "event.created", "subject": "EVT-00000001", "actor": "USR-00000001", "data": {"title": "Jazz"}}


def test_an_entry_says_what_who_and_when():
    moment = now()

    services.record(**EVENT, at=moment)

    entry = Entry.objects.get()
    assert (entry.type, entry.subject, entry.actor) == ("event.created", "EVT-00000001", "USR-00000001")
    assert (entry.at, entry.data) == (moment, {"title": "Jazz"})


def test_an_entry_goes_with_its_transaction():
    def work() -> None:
        services.record(**EVENT, at=now())
        raise KeyError

    with pytest.raises(KeyError):
        run_in_transaction(work)

    assert Entry.objects.count() == 0


def test_ids_sort_by_time():
    for _ in range(20):
        services.record(**EVENT, at=now())

    entries = list(Entry.objects.order_by("id"))
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)


def test_an_entry_names_the_handlers_that_want_its_type():
    services.record(**{**EVENT, "type": "waitlist.joined"}, at=now())

    assert sorted(Entry.objects.get().pending) == ["eventlog", "webhooks"]


def test_recording_the_same_id_twice_keeps_the_first():
    first = services.draft(id="x", **EVENT, at=now())

    services.record_all([first])
    services.record_all([{**first, "data": {}}, {**first, "_id": "y"}])

    assert {entry.id: entry.data for entry in Entry.objects.all()} == {"x": {"title": "Jazz"}, "y": {"title": "Jazz"}}
