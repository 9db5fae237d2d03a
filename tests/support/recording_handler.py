"""A handler that records what it gets, and entries for it."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from config.core.clock import now
from journal import handlers
from journal.append import append_all, build_entry
from journal.handlers import Handler
from journal.models import Entry


class RecordingHandler(Handler):
    """Records the ids of entries of type ``test``; fails on the ids in ``bad_ids``."""

    types = frozenset({"test"})

    def __init__(self, name: str) -> None:
        self.name, self.taken, self.bad_ids = name, list[str](), set[str]()

    def deliver(self, entries: Sequence[Entry]) -> None:
        if bad := self.bad_ids & {entry.id for entry in entries}:
            raise ValueError(f"cannot take {sorted(bad)}")
        self.taken += [entry.id for entry in entries]


def append_entries(*ids: str) -> None:
    """Append entries of type ``test`` in this order, a millisecond after each other."""
    moments = [now() + timedelta(milliseconds=number) for number in range(len(ids))]
    fields = {"entry_type": "test", "subject": "x", "actor": "", "data": {}}
    append_all([build_entry(entry_id=one, at=at, **fields) for one, at in zip(ids, moments, strict=True)])


def register_handler(monkeypatch: pytest.MonkeyPatch, deliver: Callable[..., None], **attributes: Any) -> None:
    """Register a handler ``a`` for entries of type ``test`` with these methods and attributes."""
    handler = RecordingHandler("a")
    for name, value in {**attributes, "deliver": deliver}.items():
        setattr(handler, name, value)
    monkeypatch.setitem(handlers.HANDLERS, "a", handler)
