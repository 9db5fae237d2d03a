"""Prompt handlers get entries in the process that appends them; what fails there is left to the worker."""

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


class PromptHandler(Handler):
    """Records each entry and whether it was stored when it came; fails while ``failing`` is not empty."""

    types = frozenset({"test"})
    prompt = True

    def __init__(self, failing: Sequence[object]) -> None:
        self.name, self.failing, self.taken = "a", failing, list[str]()

    def deliver(self, entries: Sequence[Entry]) -> None:
        if self.failing:
            raise ConnectionError("Redis is away")
        self.taken.extend(
            f"{entry.id} {'stored' if Entry.objects.filter(pk=entry.pk).exists() else 'new'}" for entry in entries
        )


@pytest.fixture
def add_prompt_handler(monkeypatch: pytest.MonkeyPatch) -> Callable[..., PromptHandler]:
    """Register a handler for entries of type ``test``."""
    inline_delivery.forget()

    def register(*, failing: Sequence[object] = (), prompt: bool = True) -> PromptHandler:
        handler = PromptHandler(failing)
        handler.prompt = prompt
        monkeypatch.setitem(handlers.HANDLERS, "a", handler)
        return handler

    return register


def entry(entry_id: str) -> EntryDocument:
    return build_entry("test", entry_id=entry_id, subject="x", actor="", at=now(), data={})


def append_entries(*ids: str) -> None:
    deliver_and_append([entry(one) for one in ids])


def test_an_entry_is_delivered_once_before_it_is_stored(add_prompt_handler):
    taken = add_prompt_handler().taken

    append_entries("e1", "e2")
    dispatch("a")

    assert taken == ["e1 new", "e2 new"]
    assert [(entry.pending, list(entry.delivered)) for entry in Entry.objects.all()] == [([], ["a"])] * 2


def test_the_worker_delivers_to_a_handler_that_is_not_prompt(add_prompt_handler):
    taken = add_prompt_handler(prompt=False).taken

    append_entries("e1")
    assert taken == []
    dispatch("a")

    assert taken == ["e1 stored"]


def test_the_worker_delivers_what_failed_inline(add_prompt_handler):
    failing = [True]
    taken = add_prompt_handler(failing=failing).taken

    append_entries("e1")
    failing.clear()
    dispatch("a")

    assert taken == ["e1 stored"]


def test_inline_delivery_pauses_after_a_failure(add_prompt_handler, monkeypatch: pytest.MonkeyPatch):
    failing = [True]
    taken = add_prompt_handler(failing=failing).taken
    append_entries("e1")
    failing.clear()

    append_entries("e2")
    assert taken == []
    inline_delivery.forget()
    append_entries("e3")

    assert taken == ["e3 new"]
    assert Entry.objects.filter(pending=["a"]).count() == 2


def test_a_handler_prepares_without_delivering(add_prompt_handler, monkeypatch: pytest.MonkeyPatch):
    handler, prepared = add_prompt_handler(), []
    monkeypatch.setattr(handler, "prepare", prepared.extend)

    inline_delivery.prepare([entry("e1")])

    assert [one.id for one in prepared] == ["e1"]
    assert handler.taken == []


def test_the_worker_delivers_after_a_failed_preparation(add_prompt_handler, monkeypatch: pytest.MonkeyPatch):
    def away(entries: Sequence[Entry]) -> None:
        raise ConnectionError("MongoDB is away")

    handler = add_prompt_handler()
    monkeypatch.setattr(handler, "prepare", away)

    inline_delivery.prepare([entry("e1")])
    append_entries("e1")
    dispatch("a")

    assert handler.taken == ["e1 stored"]


def test_a_repeated_append_delivers_again_and_stores_nothing(add_prompt_handler):
    """As when recovery repeats what a dead process left: the handler gets the entry again."""
    taken = add_prompt_handler().taken
    append_entries("e1")

    append_entries("e1")

    assert taken == ["e1 new", "e1 stored"]
    assert Entry.objects.count() == 1


def test_an_entry_delivered_before_its_append_is_not_delivered_again(add_prompt_handler):
    taken = add_prompt_handler().taken
    document = entry("e1")

    inline_delivery.deliver([document])
    append_all([document])
    dispatch("a")

    assert taken == ["e1 new"]
