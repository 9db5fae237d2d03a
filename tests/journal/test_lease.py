"""One process at a time delivers to a handler, whatever becomes of it."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from config.core.clock import now
from journal import dispatch as draining
from journal import lease
from journal.dispatch import dispatch
from journal.handlers import Handler
from journal.lease import HeldLease
from journal.models import Entry, Lease
from tests.journal.recorder import register, write
from tests.support.mongodb_commands import database_commands, failing
from tests.support.waiting import eventually


def test_while_a_slow_handler_works_nobody_else_takes_its_entries(monkeypatch: pytest.MonkeyPatch):
    """The lease is renewed from a thread: it outlives work that takes longer than it lasts."""
    monkeypatch.setattr(lease, "LIFETIME", timedelta(milliseconds=300))
    got: list[str] = []

    def slow(entries: Sequence[Entry]) -> None:
        other = threading.Event()
        other.wait(1)
        assert dispatch("a") == 0
        got.extend(entry.id for entry in entries)

    register(monkeypatch, slow)
    write("e1")

    dispatch("a")

    assert got == ["e1"]


def test_two_drains_at_once_deliver_each_entry_once(use):
    recorder = use("a")
    write(*[f"e{number:02d}" for number in range(30)])

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(dispatch, ["a"] * 4))

    assert recorder.got == [f"e{number:02d}" for number in range(30)]


def test_an_entry_written_as_the_drain_ends_does_not_wait(use, monkeypatch: pytest.MonkeyPatch):
    """The holder has read what there was; before it lets go, an entry comes and its drain is turned away."""
    recorder, real = use("a"), draining.due
    late = iter(["late"])

    def read_too_early(handler: Handler, moment: object) -> list[Entry]:
        entries = real(handler, moment)  # type: ignore[arg-type]  # a moment
        if one := next(late, None):
            write(one)
            other = threading.Thread(target=dispatch, args=("a",))
            other.start()
            other.join(20)
        return entries

    monkeypatch.setattr(draining, "due", read_too_early)
    write("e1")

    dispatch("a")

    assert recorder.got == ["e1", "late"]


def test_a_look_costs_the_lease_no_more_than_two_writes(use):
    use("a")
    write("e1")

    with database_commands() as sent:
        dispatch("a")

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
    dispatch("a")
    assert recorder.got == []

    Lease.objects.update(until=now() - timedelta(seconds=1))

    eventually(lambda: dispatch("a") or recorder.got)
    assert recorder.got == ["e1"]


def test_what_cannot_be_taken_back_is_not_repeated_by_a_process_that_stalled(monkeypatch: pytest.MonkeyPatch):
    """It read three entries and stood still for longer than its lease, while another process delivered them all."""
    got: list[str] = []

    def stalls_at_the_first(entries: Sequence[Entry]) -> None:
        got.extend(entry.id for entry in entries)
        if got == ["e1"]:
            draining.mark_delivered("a", entries)
            Lease.objects.update(until=now() - timedelta(seconds=1))
            other = threading.Thread(target=dispatch, args=("a",))
            other.start()
            other.join(20)

    register(monkeypatch, stalls_at_the_first, one_by_one=True)
    write("e1", "e2", "e3")

    dispatch("a")

    assert got == ["e1", "e2", "e3"]


def test_a_lease_outlives_a_renewal_that_failed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lease, "LIFETIME", timedelta(milliseconds=900))
    held, pause = HeldLease("a"), threading.Event()
    assert held.acquire()

    with failing("update", times=1, errorCode=50), held.kept_alive():
        pause.wait(1.5)

        assert not HeldLease("a").acquire()
