"""An entry that a handler failed to take is tried again, until the handler gives it up."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest

from config.core.clock import now
from config.core.errors import Undeliverable
from journal.dispatch import dispatch
from journal.models import Entry
from tests.support.recording_handler import append_entries, register_handler


def make_due() -> None:
    for entry in Entry.objects.all():
        failures = {name: {**failure, "retry_at": ""} for name, failure in entry.failures.items()}
        Entry.objects.filter(pk=entry.pk).update(failures=failures)


def test_a_failed_entry_is_tried_again_after_a_pause_that_doubles(add_handler):
    handler = add_handler("a")
    handler.bad_ids = {"e1"}
    append_entries("e1")
    pauses = []

    for _ in range(3):
        dispatch("a")
        failure = Entry.objects.get().failures["a"]
        pauses.append(failure["attempts"])
        assert (dispatch("a"), failure["error"]) == (0, "ValueError: cannot take ['e1']")
        make_due()
    handler.bad_ids = set()

    assert (pauses, dispatch("a"), handler.taken) == ([1, 2, 3], 1, ["e1"])
    assert Entry.objects.get().failures == {}


def test_a_failing_entry_delays_no_other_entry_and_no_other_handler(add_handler):
    failing, fine = add_handler("a"), add_handler("b")
    failing.bad_ids = {"e2"}
    append_entries("e1", "e2", "e3")

    dispatch("a")
    dispatch("b")

    assert (failing.taken, fine.taken) == (["e1", "e3"], ["e1", "e2", "e3"])
    assert Entry.objects.get(pk="e2").pending == ["a"]


def test_a_session_that_does_not_open_fails_every_entry_of_the_batch(monkeypatch: pytest.MonkeyPatch):
    def session() -> AbstractContextManager[None]:
        raise ConnectionRefusedError("no mail server")

    register_handler(monkeypatch, lambda _: None, session=session)
    append_entries("e1", "e2")

    assert dispatch("a") == 0
    failures = [entry.failures["a"] for entry in Entry.objects.all()]
    assert [(one["attempts"], one["error"]) for one in failures] == [(1, "ConnectionRefusedError: no mail server")] * 2


def test_an_undeliverable_entry_is_given_up_and_keeps_its_error(monkeypatch: pytest.MonkeyPatch):
    calls: list[str] = []

    def refuse(entries: Sequence[Entry]) -> None:
        calls.append(entries[0].id)
        raise Undeliverable("no such mailbox")

    register_handler(monkeypatch, refuse)
    append_entries("e1")

    dispatch("a")
    make_due()
    dispatch("a")

    entry = Entry.objects.get()
    assert (calls, entry.pending, entry.failures["a"]["error"]) == (["e1"], ["!a"], "Undeliverable: no such mailbox")


def test_an_entry_older_than_give_up_after_is_given_up(monkeypatch: pytest.MonkeyPatch):
    def fail(_: Sequence[Entry]) -> None:
        raise OSError

    register_handler(monkeypatch, fail, give_up_after=timedelta(hours=1))
    append_entries("young", "old")
    Entry.objects.filter(pk="old").update(at=now() - timedelta(hours=2))

    dispatch("a")

    assert {entry.id: entry.pending for entry in Entry.objects.all()} == {"young": ["a"], "old": ["!a"]}
