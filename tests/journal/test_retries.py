"""What a handler failed to take: tried again later, until there is no hope."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest

from config.core.clock import now
from config.core.errors import Undeliverable
from journal.dispatch import dispatch
from journal.models import Entry
from tests.journal.recorder import register, write


def make_due() -> None:
    for entry in Entry.objects.all():
        failures = {name: {**failure, "retry_at": ""} for name, failure in entry.failures.items()}
        Entry.objects.filter(pk=entry.pk).update(failures=failures)


def test_what_failed_is_tried_again_after_a_pause_that_doubles(use):
    recorder = use("a")
    recorder.poison = {"e1"}
    write("e1")
    pauses = []

    for _ in range(3):
        dispatch("a")
        failure = Entry.objects.get().failures["a"]
        pauses.append(failure["attempts"])
        assert (dispatch("a"), failure["error"]) == (0, "ValueError: cannot take ['e1']")
        make_due()
    recorder.poison = set()

    assert (pauses, dispatch("a"), recorder.got) == ([1, 2, 3], 1, ["e1"])
    assert Entry.objects.get().failures == {}


def test_a_poisoned_entry_holds_up_nothing(use):
    failing, fine = use("a"), use("b")
    failing.poison = {"e2"}
    write("e1", "e2", "e3")

    dispatch("a")
    dispatch("b")

    assert (failing.got, fine.got) == (["e1", "e3"], ["e1", "e2", "e3"])
    assert Entry.objects.get(pk="e2").pending == ["a"]


def test_a_session_that_does_not_open_costs_each_entry_a_pause(monkeypatch: pytest.MonkeyPatch):
    def session() -> AbstractContextManager[None]:
        raise ConnectionRefusedError("no mail server")

    register(monkeypatch, lambda _: None, session=session)
    write("e1", "e2")

    assert dispatch("a") == 0
    failures = [entry.failures["a"] for entry in Entry.objects.all()]
    assert [(one["attempts"], one["error"]) for one in failures] == [(1, "ConnectionRefusedError: no mail server")] * 2


def test_what_never_will_work_is_given_up_and_shown(monkeypatch: pytest.MonkeyPatch):
    calls: list[str] = []

    def refuse(entries: Sequence[Entry]) -> None:
        calls.append(entries[0].id)
        raise Undeliverable("no such mailbox")

    register(monkeypatch, refuse)
    write("e1")

    dispatch("a")
    make_due()
    dispatch("a")

    entry = Entry.objects.get()
    assert (calls, entry.pending, entry.failures["a"]["error"]) == (["e1"], ["!a"], "Undeliverable: no such mailbox")


def test_hope_ends_after_the_time_that_the_handler_names(monkeypatch: pytest.MonkeyPatch):
    def fail(_: Sequence[Entry]) -> None:
        raise OSError

    register(monkeypatch, fail, give_up_after=timedelta(hours=1))
    write("young", "old")
    Entry.objects.filter(pk="old").update(at=now() - timedelta(hours=2))

    dispatch("a")

    assert {entry.id: entry.pending for entry in Entry.objects.all()} == {"young": ["a"], "old": ["!a"]}
