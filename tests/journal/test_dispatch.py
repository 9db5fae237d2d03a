"""Delivering entries: each once to each handler, oldest first."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from bson import json_util
from django.db import connection

from config.core.clock import now
from journal.append import append_all, build_entry
from journal.dispatch import dispatch
from journal.models import Entry
from tests.journal.recorder import register, write


def test_entries_arrive_oldest_first_and_once(use):
    recorder = use("a")
    write("e1", "e2", "e3", "e4", "e5")

    assert (dispatch("a"), dispatch("a")) == (5, 0)

    assert recorder.got == ["e1", "e2", "e3", "e4", "e5"]


def test_each_handler_gets_each_entry(use):
    first, second = use("a"), use("b")
    write("e1")

    dispatch("a")
    dispatch("b")

    assert (first.got, second.got) == (["e1"], ["e1"])
    entry = Entry.objects.get()
    assert (entry.pending, sorted(entry.delivered)) == ([], ["a", "b"])


def test_one_by_one_each_entry_is_marked_before_the_next_is_taken(monkeypatch: pytest.MonkeyPatch):
    waiting: list[int] = []
    register(
        monkeypatch, lambda _: waiting.append(Entry.objects.filter(pending=["a"]).count()), one_by_one=True, batch=3
    )
    write("e1", "e2", "e3")

    dispatch("a")

    assert waiting == [3, 2, 1]


def test_a_session_is_opened_once_for_a_batch_and_closed(monkeypatch: pytest.MonkeyPatch):
    steps: list[str] = []

    @contextmanager
    def session() -> Iterator[None]:
        steps.append("open")
        yield
        steps.append("close")

    register(monkeypatch, lambda entries: steps.append(entries[0].id), one_by_one=True, session=session)
    write("e1", "e2")

    dispatch("a")

    assert steps == ["open", "e1", "e2", "close"]


def test_a_handler_gets_only_what_it_wants(monkeypatch: pytest.MonkeyPatch):
    got: list[str] = []
    register(
        monkeypatch,
        lambda entries: got.extend(entry.id for entry in entries),
        wants=lambda _, data: data["size"] > 1,
    )
    entries = [
        build_entry("test", entry_id=f"e{size}", subject="x", actor="", at=now(), data={"size": size})
        for size in (1, 2)
    ]
    append_all(entries)

    dispatch("a")

    assert got == ["e2"]


def test_what_waits_is_found_by_an_index(use):
    use("a")
    write(*[f"e{number}" for number in range(50)])
    dispatch("a")
    write("new")
    query = {"find": "journal_entry", "filter": {"pending": "a"}, "sort": {"at": 1, "_id": 1}}

    plan = connection.database.command("explain", query, verbosity="executionStats")

    assert plan["executionStats"]["totalDocsExamined"] == 1
    assert '"stage": "SORT"' not in json_util.dumps(plan["queryPlanner"]["winningPlan"])
