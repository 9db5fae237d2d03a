"""A handler for tests, and entries for it."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from config.core.clock import now
from journal import handlers
from journal.append import append_all, build_entry
from journal.handlers import Handler
from journal.models import Entry


class Recorder(Handler):
    """A handler that notes what it gets, and fails where a test says so."""

    types = frozenset({"test"})

    def __init__(self, name: str) -> None:
        self.name, self.got, self.poison = name, list[str](), set[str]()

    def deliver(self, entries: Sequence[Entry]) -> None:
        if bad := self.poison & {entry.id for entry in entries}:
            raise ValueError(f"cannot take {sorted(bad)}")
        self.got += [entry.id for entry in entries]


def write(*ids: str) -> None:
    moments = [now() + timedelta(milliseconds=number) for number in range(len(ids))]
    fields = {"entry_type": "test", "subject": "x", "actor": "", "data": {}}
    append_all([build_entry(entry_id=one, at=at, **fields) for one, at in zip(ids, moments, strict=True)])


def register(monkeypatch: pytest.MonkeyPatch, deliver: Callable[..., None], **options: Any) -> None:
    handler = Recorder("a")
    for name, option in {**options, "deliver": deliver}.items():
        setattr(handler, name, option)
    monkeypatch.setitem(handlers.HANDLERS, "a", handler)
