"""Handlers of the journal that tests look into."""

from collections.abc import Callable

import pytest

from journal import handlers
from tests.journal.recorder import Recorder


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Recorder]:
    """Register a recorder for entries of type ``test``."""

    def register(name: str) -> Recorder:
        recorder = Recorder(name)
        recorder.batch = 3
        monkeypatch.setitem(handlers.HANDLERS, name, recorder)
        return recorder

    return register
