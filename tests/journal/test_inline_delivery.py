"""What people wait for is delivered by the process that records it; what fails there is left to the worker."""

from collections.abc import Callable, Sequence

import pytest

from config.core.clock import now
from journal import handlers
from journal.append import append_all, build_entry, deliver_and_append
from journal.dispatch import dispatch
from journal.documents import EntryDocument
from journal.handlers import Handler
from journal.inline_delivery import inline_delivery
from journal.models import Entry


class Recorder(Handler):
    """A handler that notes what it gets, and whether that was stored yet; it fails as long as ``broken`` holds."""

    types = frozenset({"test"})
    prompt = True

    def __init__(self, broken: Sequence[object]) -> None:
        self.name, self.broken, self.got = "a", broken, list[str]()

    def deliver(self, entries: Sequence[Entry]) -> None:
        if self.broken:
            raise ConnectionError("Redis is away")
        self.got.extend(
            f"{entry.id} {'stored' if Entry.objects.filter(pk=entry.pk).exists() else 'new'}" for entry in entries
        )


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Recorder]:
    """Register a recorder for entries of type ``test``."""
    inline_delivery.forget()

    def register(*, broken: Sequence[object] = (), prompt: bool = True) -> Recorder:
        recorder = Recorder(broken)
        recorder.prompt = prompt
        monkeypatch.setitem(handlers.HANDLERS, "a", recorder)
        return recorder

    return register


def entry(entry_id: str) -> EntryDocument:
    return build_entry("test", entry_id=entry_id, subject="x", actor="", at=now(), data={})


def write(*ids: str) -> None:
    deliver_and_append([entry(one) for one in ids])


def test_it_is_delivered_before_it_is_stored_and_not_again(use):
    got = use().got

    write("e1", "e2")
    dispatch("a")

    assert got == ["e1 new", "e2 new"]
    assert [(entry.pending, list(entry.delivered)) for entry in Entry.objects.all()] == [([], ["a"])] * 2


def test_a_handler_that_is_not_prompt_gets_it_from_the_worker(use):
    got = use(prompt=False).got

    write("e1")
    assert got == []
    dispatch("a")

    assert got == ["e1 stored"]


def test_what_fails_is_left_to_the_worker(use):
    broken = [True]
    got = use(broken=broken).got

    write("e1")
    broken.clear()
    dispatch("a")

    assert got == ["e1 stored"]


def test_after_a_failure_nothing_is_tried_for_a_while(use, monkeypatch: pytest.MonkeyPatch):
    broken = [True]
    got = use(broken=broken).got
    write("e1")
    broken.clear()

    write("e2")
    assert got == []
    inline_delivery.forget()
    write("e3")

    assert got == ["e3 new"]
    assert Entry.objects.filter(pending=["a"]).count() == 2


def test_a_handler_gets_ready_for_what_may_stand_in_a_moment(use, monkeypatch: pytest.MonkeyPatch):
    recorder, expected = use(), []
    monkeypatch.setattr(recorder, "prepare", expected.extend)

    inline_delivery.prepare([entry("e1")])

    assert [one.id for one in expected] == ["e1"]
    assert recorder.got == []


def test_who_cannot_get_ready_is_left_to_the_worker(use, monkeypatch: pytest.MonkeyPatch):
    def away(entries: Sequence[Entry]) -> None:
        raise ConnectionError("MongoDB is away")

    recorder = use()
    monkeypatch.setattr(recorder, "prepare", away)

    inline_delivery.prepare([entry("e1")])
    write("e1")
    dispatch("a")

    assert recorder.got == ["e1 stored"]


def test_recording_again_what_is_stored_changes_nothing(use):
    """A process that died before it stored them is made up for by recovery: the handler sees a repeat."""
    got = use().got
    write("e1")

    write("e1")

    assert got == ["e1 new", "e1 stored"]
    assert Entry.objects.count() == 1


def test_what_was_delivered_already_is_not_delivered_again_when_it_is_stored(use):
    got = use().got
    document = entry("e1")

    inline_delivery.deliver([document])
    append_all([document])
    dispatch("a")

    assert got == ["e1 new"]
