"""Delivering entries: each once to each handler, oldest first, whatever fails."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from typing import Any

import pytest
from bson import json_util
from django.db import connection

from config.clock import now
from config.errors import Undeliverable
from journal import drain as draining
from journal import handlers, lease
from journal.append import append_all, build_entry
from journal.drain import drain
from journal.handlers import Handler
from journal.lease import HeldLease
from journal.models import Entry, Lease
from tests.commands import database_commands, failing
from tests.waiting import eventually


class Recorder(Handler):
    """A handler that notes what it gets, and fails where a test says so."""

    types = frozenset({"test"})

    def __init__(self, name: str) -> None:
        self.name, self.got, self.poison = name, list[str](), set[str]()

    def deliver(self, entries: Sequence[Entry]) -> None:
        if bad := self.poison & {entry.id for entry in entries}:
            raise ValueError(f"cannot take {sorted(bad)}")
        self.got += [entry.id for entry in entries]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Recorder]:
    """Register a recorder for entries of type ``test``."""

    def register(name: str) -> Recorder:
        recorder = Recorder(name)
        recorder.batch = 3
        monkeypatch.setitem(handlers.HANDLERS, name, recorder)
        return recorder

    return register


def write(*ids: str) -> None:
    moments = [now() + timedelta(milliseconds=number) for number in range(len(ids))]
    fields = {"entry_type": "test", "subject": "x", "actor": "", "data": {}}
    append_all([build_entry(entry_id=one, at=at, **fields) for one, at in zip(ids, moments, strict=True)])


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


def register(monkeypatch: pytest.MonkeyPatch, deliver: Callable[..., None], **options: Any) -> None:
    handler = Recorder("a")
    for name, option in {**options, "deliver": deliver}.items():
        setattr(handler, name, option)
    monkeypatch.setitem(handlers.HANDLERS, "a", handler)


def test_one_by_one_each_entry_is_marked_before_the_next_is_taken(monkeypatch: pytest.MonkeyPatch):
    waiting: list[int] = []
    register(
        monkeypatch, lambda _: waiting.append(Entry.objects.filter(pending=["a"]).count()), one_by_one=True, batch=3
    )
    write("e1", "e2", "e3")

    drain("a")

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

    drain("a")

    assert steps == ["open", "e1", "e2", "close"]


def test_a_session_that_does_not_open_costs_each_entry_a_pause(monkeypatch: pytest.MonkeyPatch):
    def session() -> AbstractContextManager[None]:
        raise ConnectionRefusedError("no mail server")

    register(monkeypatch, lambda _: None, session=session)
    write("e1", "e2")

    assert drain("a") == 0
    failures = [entry.failures["a"] for entry in Entry.objects.all()]
    assert [(one["attempts"], one["error"]) for one in failures] == [(1, "ConnectionRefusedError: no mail server")] * 2


def test_what_never_will_work_is_given_up_and_shown(monkeypatch: pytest.MonkeyPatch):
    calls: list[str] = []

    def refuse(entries: Sequence[Entry]) -> None:
        calls.append(entries[0].id)
        raise Undeliverable("no such mailbox")

    register(monkeypatch, refuse)
    write("e1")

    drain("a")
    make_due()
    drain("a")

    entry = Entry.objects.get()
    assert (calls, entry.pending, entry.failures["a"]["error"]) == (["e1"], ["!a"], "Undeliverable: no such mailbox")


def test_hope_ends_after_the_time_that_the_handler_names(monkeypatch: pytest.MonkeyPatch):
    def fail(_: Sequence[Entry]) -> None:
        raise OSError

    register(monkeypatch, fail, give_up_after=timedelta(hours=1))
    write("young", "old")
    Entry.objects.filter(pk="old").update(at=now() - timedelta(hours=2))

    drain("a")

    assert {entry.id: entry.pending for entry in Entry.objects.all()} == {"young": ["a"], "old": ["!a"]}


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

    drain("a")

    assert got == ["e2"]


def test_while_a_slow_handler_works_nobody_else_takes_its_entries(monkeypatch: pytest.MonkeyPatch):
    """The lease is renewed from a thread: it outlives work that takes longer than it lasts."""
    monkeypatch.setattr(lease, "LIFETIME", timedelta(milliseconds=300))
    got: list[str] = []

    def slow(entries: Sequence[Entry]) -> None:
        other = threading.Event()
        other.wait(1)
        assert drain("a") == 0
        got.extend(entry.id for entry in entries)

    register(monkeypatch, slow)
    write("e1")

    drain("a")

    assert got == ["e1"]


def test_two_drains_at_once_deliver_each_entry_once(use):
    recorder = use("a")
    write(*[f"e{number:02d}" for number in range(30)])

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(drain, ["a"] * 4))

    assert recorder.got == [f"e{number:02d}" for number in range(30)]


def test_an_entry_written_as_the_drain_ends_does_not_wait(use, monkeypatch: pytest.MonkeyPatch):
    """The holder has read what there was; before it lets go, an entry comes and its drain is turned away."""
    recorder, real = use("a"), draining.due
    late = iter(["late"])

    def read_too_early(handler: Handler, moment: object) -> list[Entry]:
        entries = real(handler, moment)  # type: ignore[arg-type]  # a moment
        if one := next(late, None):
            write(one)
            other = threading.Thread(target=drain, args=("a",))
            other.start()
            other.join(20)
        return entries

    monkeypatch.setattr(draining, "due", read_too_early)
    write("e1")

    drain("a")

    assert recorder.got == ["e1", "late"]


def test_a_look_costs_the_lease_no_more_than_two_writes(use):
    use("a")
    write("e1")

    with database_commands() as sent:
        drain("a")

    taken, given_back = "update journal_lease", "findAndModify journal_lease"
    assert sent == [taken, "find journal_entry", "update journal_entry", given_back]


def test_a_lease_is_renewed_after_a_third_of_it(monkeypatch: pytest.MonkeyPatch):
    held = HeldLease("a")
    assert held.acquire()
    monkeypatch.setattr(lease, "now", lambda: now() + lease.LIFETIME / 2)

    assert held.is_held()

    Lease.objects.get(until__gt=now() + lease.LIFETIME)


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


def test_what_cannot_be_taken_back_is_not_repeated_by_a_process_that_stalled(monkeypatch: pytest.MonkeyPatch):
    """It read three entries and stood still for longer than its lease, while another process delivered them all."""
    got: list[str] = []

    def stalls_at_the_first(entries: Sequence[Entry]) -> None:
        got.extend(entry.id for entry in entries)
        if got == ["e1"]:
            draining.mark_delivered("a", entries)
            Lease.objects.update(until=now() - timedelta(seconds=1))
            other = threading.Thread(target=drain, args=("a",))
            other.start()
            other.join(20)

    register(monkeypatch, stalls_at_the_first, one_by_one=True)
    write("e1", "e2", "e3")

    drain("a")

    assert got == ["e1", "e2", "e3"]


def test_a_lease_outlives_a_renewal_that_failed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lease, "LIFETIME", timedelta(milliseconds=900))
    held, pause = HeldLease("a"), threading.Event()
    assert held.acquire()

    with failing("update", times=1, errorCode=50), held.kept_alive():
        pause.wait(1.5)

        assert not HeldLease("a").acquire()
