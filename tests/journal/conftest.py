"""Handlers that record what the journal delivers to them."""

from collections.abc import Callable

import pytest

from journal import handlers
from tests.support.recording_handler import RecordingHandler


@pytest.fixture
def add_handler(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], RecordingHandler]:
    """Register a recording handler, with batches of three, for entries of type ``test``."""

    def register(name: str) -> RecordingHandler:
        handler = RecordingHandler(name)
        handler.batch = 3
        monkeypatch.setitem(handlers.HANDLERS, name, handler)
        return handler

    return register
