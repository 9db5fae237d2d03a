"""What people wait for is delivered by the process that records it; what fails there is left to the worker."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from config.clock import now
from journal import handlers, services
from journal.drain import drain
from journal.handlers import Handler
from journal.models import Entry
from journal.prompt import courier


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Register a handler of entries of type ``test`` and return what it got; it fails as long as ``broken`` holds."""
    courier.forget()

    def register(name: str, *, broken: Sequence[object] = (), prompt: bool = True) -> list[str]:
        got: list[str] = []

        def deliver(entries: Sequence[Entry]) -> None:
            if broken:
                raise ConnectionError("Redis is away")
            got.extend(
                f"{entry.id} {'stored' if Entry.objects.filter(pk=entry.pk).exists() else 'new'}" for entry in entries
            )

        monkeypatch.setitem(handlers.HANDLERS, name, Handler(name, frozenset({"test"}), deliver, prompt=prompt))
        return got

    return register


def draft(id: str) -> dict[str, Any]:  # noqa: A002 - the entry's own word
    return services.draft(id=id, type="test", subject="x", actor="", at=now(), data={})


def write(*ids: str) -> None:
    services.record_all([draft(one) for one in ids])


def test_it_is_delivered_before_it_is_stored_and_not_again(use):
    got = use("a")

    write("e1", "e2")
    drain("a")

    assert got == ["e1 new", "e2 new"]
    assert [(entry.pending, list(entry.delivered)) for entry in Entry.objects.all()] == [([], ["a"])] * 2


def test_a_handler_that_is_not_prompt_gets_it_from_the_worker(use):
    got = use("a", prompt=False)

    write("e1")
    assert got == []
    drain("a")

    assert got == ["e1 stored"]


def test_what_fails_is_left_to_the_worker(use):
    broken = [True]
    got = use("a", broken=broken)

    write("e1")
    broken.clear()
    drain("a")

    assert got == ["e1 stored"]


def test_after_a_failure_nothing_is_tried_for_a_while(use, monkeypatch: pytest.MonkeyPatch):
    broken = [True]
    got = use("a", broken=broken)
    write("e1")
    broken.clear()

    write("e2")
    assert got == []
    courier.forget()
    write("e3")

    assert got == ["e3 new"]
    assert Entry.objects.filter(pending=["a"]).count() == 2


def test_a_handler_gets_ready_for_what_may_stand_in_a_moment(use, monkeypatch: pytest.MonkeyPatch):
    got, expected = use("a"), []
    monkeypatch.setitem(handlers.HANDLERS, "a", replace(handlers.HANDLERS["a"], prepare=expected.extend))

    courier.prepare([draft("e1")])

    assert [entry.id for entry in expected] == ["e1"]
    assert got == []


def test_who_cannot_get_ready_is_left_to_the_worker(use, monkeypatch: pytest.MonkeyPatch):
    def away(entries: Sequence[Entry]) -> None:
        raise ConnectionError("MongoDB is away")

    got = use("a")
    monkeypatch.setitem(handlers.HANDLERS, "a", replace(handlers.HANDLERS["a"], prepare=away))

    courier.prepare([draft("e1")])
    write("e1")
    drain("a")

    assert got == ["e1 stored"]


def test_recording_again_what_is_stored_changes_nothing(use):
    """A process that died before it stored them is made up for by recovery: the handler sees a repeat."""
    got = use("a")
    write("e1")

    write("e1")

    assert got == ["e1 new", "e1 stored"]
    assert Entry.objects.count() == 1
