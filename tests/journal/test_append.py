"""Appending entries to the journal."""

import pytest

from config.core.clock import now
from config.mongo.transactions import run_in_transaction
from journal.append import append, append_all, build_entry
from journal.models import Entry

EVENT = {"entry_type": "event.created", "subject": "EVT-00000001", "actor": "USR-00000001", "data": {"title": "Jazz"}}


def test_an_entry_has_type_subject_actor_time_and_data():
    moment = now()

    append(build_entry(**EVENT, at=moment))

    entry = Entry.objects.get()
    assert (entry.type, entry.subject, entry.actor) == ("event.created", "EVT-00000001", "USR-00000001")
    assert (entry.at, entry.data) == (moment, {"title": "Jazz"})


def test_an_entry_is_rolled_back_with_its_transaction():
    def work() -> None:
        append(build_entry(**EVENT, at=now()))
        raise KeyError

    with pytest.raises(KeyError):
        run_in_transaction(work)

    assert Entry.objects.count() == 0


def test_ids_sort_by_time():
    for _ in range(20):
        append(build_entry(**EVENT, at=now()))

    entries = list(Entry.objects.order_by("id"))
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)


def test_an_entry_names_the_handlers_that_want_its_type():
    append(build_entry(**{**EVENT, "entry_type": "waitlist.joined"}, at=now()))

    assert sorted(Entry.objects.get().pending) == ["eventlog", "webhooks"]


def test_appending_a_taken_id_keeps_the_first_entry():
    first = build_entry(entry_id="x", **EVENT, at=now())

    append_all([first])
    append_all([{**first, "data": {}}, {**first, "_id": "y"}])

    assert {entry.id: entry.data for entry in Entry.objects.all()} == {"x": {"title": "Jazz"}, "y": {"title": "Jazz"}}
