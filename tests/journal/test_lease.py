"""One process at a time delivers to a handler, and another one takes over if it dies."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from config.core.clock import now
from journal import dispatch as dispatch_module
from journal import lease
from journal.dispatch import dispatch
from journal.handlers import Handler
from journal.lease import HeldLease
from journal.models import Entry, Lease
from tests.support.mongodb_commands import database_commands, failing
from tests.support.recording_handler import append_entries, register_handler
from tests.support.waiting import eventually


def test_a_slow_handler_keeps_its_lease_while_it_works(monkeypatch: pytest.MonkeyPatch):
    """A thread renews the lease while the handler works."""
    monkeypatch.setattr(lease, "LIFETIME", timedelta(milliseconds=300))
    taken: list[str] = []

    def slow(entries: Sequence[Entry]) -> None:
        other = threading.Event()
        other.wait(1)
        assert dispatch("a") == 0
        taken.extend(entry.id for entry in entries)

    register_handler(monkeypatch, slow)
    append_entries("e1")

    dispatch("a")

    assert taken == ["e1"]


def test_dispatches_at_the_same_time_deliver_each_entry_once(add_handler):
    handler = add_handler("a")
    append_entries(*[f"e{number:02d}" for number in range(30)])

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(dispatch, ["a"] * 4))

    assert handler.taken == [f"e{number:02d}" for number in range(30)]


def test_an_entry_appended_as_a_dispatch_ends_is_delivered_at_once(add_handler, monkeypatch: pytest.MonkeyPatch):
    """The holder has read the last batch; before it releases the lease, an entry comes whose dispatch finds it held."""
    recording, real = add_handler("a"), dispatch_module.due_entries
    late = iter(["late"])

    def read_too_early(handler: Handler, moment: object) -> list[Entry]:
        entries = real(handler, moment)  # type: ignore[arg-type]  # a moment
        if one := next(late, None):
            append_entries(one)
            other = threading.Thread(target=dispatch, args=("a",))
            other.start()
            other.join(20)
        return entries

    monkeypatch.setattr(dispatch_module, "due_entries", read_too_early)
    append_entries("e1")

    dispatch("a")

    assert recording.taken == ["e1", "late"]


def test_a_dispatch_writes_its_lease_twice(add_handler):
    add_handler("a")
    append_entries("e1")

    with database_commands() as sent:
        dispatch("a")

    acquired, released = "update journal_lease", "findAndModify journal_lease"
    assert sent == [acquired, "find journal_entry", "update journal_entry", released]


def test_a_lease_is_renewed_after_a_third_of_its_lifetime(monkeypatch: pytest.MonkeyPatch):
    held = HeldLease("a")
    assert held.acquire()
    monkeypatch.setattr(lease, "now", lambda: now() + lease.LIFETIME / 2)

    assert held.is_held()

    Lease.objects.get(until__gt=now() + lease.LIFETIME)


def test_the_lease_of_a_dead_process_ends(add_handler):
    handler = add_handler("a")
    assert HeldLease("a").acquire()
    append_entries("e1")
    dispatch("a")
    assert handler.taken == []

    Lease.objects.update(until=now() - timedelta(seconds=1))

    eventually(lambda: dispatch("a") or handler.taken)
    assert handler.taken == ["e1"]


def test_a_process_that_stalled_does_not_repeat_delivered_entries(monkeypatch: pytest.MonkeyPatch):
    """It read three entries and stalled for longer than its lease, while another process delivered them all."""
    taken: list[str] = []

    def stalls_at_the_first(entries: Sequence[Entry]) -> None:
        taken.extend(entry.id for entry in entries)
        if taken == ["e1"]:
            dispatch_module.mark_delivered("a", entries)
            Lease.objects.update(until=now() - timedelta(seconds=1))
            other = threading.Thread(target=dispatch, args=("a",))
            other.start()
            other.join(20)

    register_handler(monkeypatch, stalls_at_the_first, one_by_one=True)
    append_entries("e1", "e2", "e3")

    dispatch("a")

    assert taken == ["e1", "e2", "e3"]


def test_a_lease_survives_a_failed_renewal(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lease, "LIFETIME", timedelta(milliseconds=900))
    held, pause = HeldLease("a"), threading.Event()
    assert held.acquire()

    with failing("update", times=1, errorCode=50), held.kept_alive():
        pause.wait(1.5)

        assert not HeldLease("a").acquire()
