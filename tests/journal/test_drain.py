"""Delivering entries: each once to each handler, oldest first, whatever fails."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from bson import json_util
from django.db import connection

from config.clock import now
from journal import drain as draining
from journal import handlers, services
from journal.drain import drain
from journal.handlers import Handler
from journal.lease import HeldLease
from journal.models import Entry, Lease
from tests.waiting import eventually


class Recorder:
    """A handler that notes what it gets, and fails where a test says so."""

    def __init__(self, name: str) -> None:
        self.name, self.got, self.poison = name, list[str](), set[str]()

    def __call__(self, entries: Sequence[Entry]) -> None:
        if bad := self.poison & {entry.id for entry in entries}:
            raise ValueError(f"cannot take {sorted(bad)}")
        self.got += [entry.id for entry in entries]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Recorder]:
    """Register a recorder for entries of type ``test``."""

    def register(name: str) -> Recorder:
        recorder = Recorder(name)
        monkeypatch.setitem(handlers.HANDLERS, name, Handler(name, frozenset({"test"}), recorder, batch=3))
        return recorder

    return register


def write(*ids: str) -> None:
    moments = [now() + timedelta(milliseconds=number) for number in range(len(ids))]
    fields = {"type": "test", "subject": "x", "actor": "", "data": {}}
    services.record_all([services.draft(id=one, at=at, **fields) for one, at in zip(ids, moments, strict=True)])


def make_due() -> None:
    for entry in Entry.objects.all():
        failures = {name: {**failure, "retry_at": ""} for name, failure in entry.failures.items()}
        Entry.objects.filter(pk=entry.pk).update(failures=failures)


def test_entries_arrive_oldest_first_and_once(use):
    recorder = use("a")
    write("e1", "e2", "e3", "e4", "e5")

    assert (drain("a"), drain("a")) == (5, 0)

    assert recorder.got == ["e1", "e2", "e3", "e4", "e5"]


def test_each_handler_gets_each_entry(use):
    first, second = use("a"), use("b")
    write("e1")

    drain("a")
    drain("b")

    assert (first.got, second.got) == (["e1"], ["e1"])
    entry = Entry.objects.get()
    assert (entry.pending, sorted(entry.delivered)) == ([], ["a", "b"])


def test_a_poisoned_entry_holds_up_nothing(use):
    failing, fine = use("a"), use("b")
    failing.poison = {"e2"}
    write("e1", "e2", "e3")

    drain("a")
    drain("b")

    assert (failing.got, fine.got) == (["e1", "e3"], ["e1", "e2", "e3"])
    assert Entry.objects.get(pk="e2").pending == ["a"]


def test_what_failed_is_tried_again_after_a_pause_that_doubles(use):
    recorder = use("a")
    recorder.poison = {"e1"}
    write("e1")
    pauses = []

    for _ in range(3):
        drain("a")
        failure = Entry.objects.get().failures["a"]
        pauses.append(failure["attempts"])
        assert (drain("a"), failure["error"]) == (0, "ValueError: cannot take ['e1']")
        make_due()
    recorder.poison = set()

    assert (pauses, drain("a"), recorder.got) == ([1, 2, 3], 1, ["e1"])
    assert Entry.objects.get().failures == {}


def test_two_drains_at_once_deliver_each_entry_once(use):
    recorder = use("a")
    write(*[f"e{number:02d}" for number in range(30)])

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(drain, ["a"] * 4))

    assert recorder.got == [f"e{number:02d}" for number in range(30)]


def test_an_entry_written_as_the_drain_ends_does_not_wait(use, monkeypatch: pytest.MonkeyPatch):
    """The holder saw nothing left; before it lets go, an entry comes and its drain is turned away."""
    recorder, real = use("a"), draining.due
    late = iter(["late"])

    def nothing_left(handler: Handler, moment: object) -> list[Entry]:
        entries = real(handler, moment)  # type: ignore[arg-type]  # a moment
        if not entries and (one := next(late, None)):
            write(one)
            other = threading.Thread(target=drain, args=("a",))
            other.start()
            other.join(20)
        return entries

    monkeypatch.setattr(draining, "due", nothing_left)
    write("e1")

    drain("a")

    assert recorder.got == ["e1", "late"]


def test_a_dead_drainers_lease_ends(use):
    recorder = use("a")
    assert HeldLease("a").acquire()
    write("e1")
    drain("a")
    assert recorder.got == []

    Lease.objects.update(until=now() - timedelta(seconds=1))

    eventually(lambda: drain("a") or recorder.got)
    assert recorder.got == ["e1"]


def test_what_waits_is_found_by_an_index(use):
    use("a")
    write(*[f"e{number}" for number in range(50)])
    drain("a")
    write("new")
    query = {"find": "journal_entry", "filter": {"pending": "a"}, "sort": {"at": 1, "_id": 1}}

    plan = connection.database.command("explain", query, verbosity="executionStats")

    assert plan["executionStats"]["totalDocsExamined"] == 1
    assert '"stage": "SORT"' not in json_util.dumps(plan["queryPlanner"]["winningPlan"])
