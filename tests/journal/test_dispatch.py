"""Dispatch delivers each entry once to each handler, oldest first."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from bson import json_util
from django.db import connection

from config.core.clock import now
from journal.append import append_all, build_entry
from journal.dispatch import dispatch
from journal.models import Entry
from tests.support.recording_handler import append_entries, register_handler


def test_entries_are_delivered_once_and_oldest_first(add_handler):
    handler = add_handler("a")
    append_entries("e1", "e2", "e3", "e4", "e5")

    assert (dispatch("a"), dispatch("a")) == (5, 0)

    assert handler.taken == ["e1", "e2", "e3", "e4", "e5"]


def test_every_handler_gets_every_entry(add_handler):
    first, second = add_handler("a"), add_handler("b")
    append_entries("e1")

    dispatch("a")
    dispatch("b")

    assert (first.taken, second.taken) == (["e1"], ["e1"])
    entry = Entry.objects.get()
    assert (entry.pending, sorted(entry.delivered)) == ([], ["a", "b"])


def test_one_by_one_marks_each_entry_before_the_next_is_delivered(monkeypatch: pytest.MonkeyPatch):
    pending_counts: list[int] = []
    register_handler(
        monkeypatch,
        lambda _: pending_counts.append(Entry.objects.filter(pending=["a"]).count()),
        one_by_one=True,
        batch=3,
    )
    append_entries("e1", "e2", "e3")

    dispatch("a")

    assert pending_counts == [3, 2, 1]


def test_a_session_is_opened_and_closed_once_for_a_batch(monkeypatch: pytest.MonkeyPatch):
    steps: list[str] = []

    @contextmanager
    def session() -> Iterator[None]:
        steps.append("open")
        yield
        steps.append("close")

    register_handler(monkeypatch, lambda entries: steps.append(entries[0].id), one_by_one=True, session=session)
    append_entries("e1", "e2")

    dispatch("a")

    assert steps == ["open", "e1", "e2", "close"]


def test_a_handler_gets_only_the_entries_that_it_wants(monkeypatch: pytest.MonkeyPatch):
    taken: list[str] = []
    register_handler(
        monkeypatch,
        lambda entries: taken.extend(entry.id for entry in entries),
        wants=lambda _, data: data["size"] > 1,
    )
    entries = [
        build_entry("test", entry_id=f"e{size}", subject="x", actor="", at=now(), data={"size": size})
        for size in (1, 2)
    ]
    append_all(entries)

    dispatch("a")

    assert taken == ["e2"]


def test_pending_entries_are_found_by_an_index(add_handler):
    add_handler("a")
    append_entries(*[f"e{number}" for number in range(50)])
    dispatch("a")
    append_entries("new")
    query = {"find": "journal_entry", "filter": {"pending": "a"}, "sort": {"at": 1, "_id": 1}}

    plan = connection.database.command("explain", query, verbosity="executionStats")

    assert plan["executionStats"]["totalDocsExamined"] == 1
    assert '"stage": "SORT"' not in json_util.dumps(plan["queryPlanner"]["winningPlan"])
