"""Prompt delivery: in the process that records, before the entries are stored. For what people wait for.

Only for entries of what already stands. Should the process die between the two, recovery records the entries and the
worker delivers them again, which is harmless to a handler as it must be idempotent.
"""

import time
from collections.abc import Callable, Iterator, Sequence

import structlog

from config.core.clock import now
from journal.documents import EntryDocument, stamp
from journal.handlers import HANDLERS, Handler
from journal.models import Entry

Work = Callable[[Sequence[Entry]], None]

PAUSE = 5.0  # seconds after a failure in which the worker delivers alone, so that an absent Redis holds up nobody

log = structlog.get_logger(__name__)


class InlineDelivery:
    """Delivers to prompt handlers; what it could not deliver stays pending."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Forget a failure: try again at once."""
        self._rests_until = 0.0

    def prepare(self, documents: Sequence[EntryDocument]) -> None:
        """Let handlers get ready for entries of what may stand in a moment. Never raises."""
        for handler, wanted in self._wanted(documents):
            self._succeeds(handler, handler.prepare, wanted)

    def deliver(self, documents: Sequence[EntryDocument]) -> None:
        """Hand entries over and note in them who took them. Never raises."""
        for handler, wanted in self._wanted(documents):
            if self._succeeds(handler, handler.deliver, wanted):
                for document in wanted:
                    document["pending"].remove(handler.name)
                    document["delivered"][handler.name] = stamp(now())

    def _wanted(self, documents: Sequence[EntryDocument]) -> Iterator[tuple[Handler, list[EntryDocument]]]:
        """Yield each prompt handler with what is addressed to it, unless one failed a moment ago."""
        for handler in HANDLERS.values():
            wanted = [document for document in documents if handler.prompt and handler.name in document["pending"]]
            if wanted and time.monotonic() >= self._rests_until:
                yield handler, wanted

    def _succeeds(self, handler: Handler, work: Work, documents: Sequence[EntryDocument]) -> bool:
        try:
            work([Entry.of(document) for document in documents])
        except Exception as error:  # noqa: BLE001 - whatever a handler raises, the worker tries again
            self._rests_until = time.monotonic() + PAUSE
            log.warning("prompt_delivery_failed", handler=handler.name, error=str(error)[:200])
            return False
        return True


inline_delivery = InlineDelivery()
