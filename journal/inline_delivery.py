"""Inline delivery: prompt handlers get entries in the process that appends them, before the entries are stored.

Only for entries of changes that are stored already. If the process dies between delivery and append, recovery appends
the entries and the worker delivers them again. That does no harm, since handlers are idempotent.
"""

import time
from collections.abc import Callable, Iterator, Sequence

import structlog

from config.core.clock import now
from journal.documents import EntryDocument, stamp
from journal.handlers import HANDLERS, Handler
from journal.models import Entry

Step = Callable[[Sequence[Entry]], None]  # Handler.prepare or Handler.deliver

PAUSE_SECONDS = 5.0  # after a failure only the worker delivers, so that no request waits for an absent Redis

log = structlog.get_logger(__name__)


class InlineDelivery:
    """Delivers to prompt handlers. An entry that could not be delivered stays pending."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Forget a failure, and with it the pause that follows one."""
        self._paused_until = 0.0

    def prepare(self, documents: Sequence[EntryDocument]) -> None:
        """Have handlers prepare for entries that will probably be appended soon. Never raises."""
        for handler, wanted in self._wanted(documents):
            self._try_step(handler, handler.prepare, wanted)

    def deliver(self, documents: Sequence[EntryDocument]) -> None:
        """Deliver entries, and mark in the documents which handlers took them. Never raises."""
        for handler, wanted in self._wanted(documents):
            if self._try_step(handler, handler.deliver, wanted):
                for document in wanted:
                    document["pending"].remove(handler.name)
                    document["delivered"][handler.name] = stamp(now())

    def _wanted(self, documents: Sequence[EntryDocument]) -> Iterator[tuple[Handler, list[EntryDocument]]]:
        """Yield each prompt handler with the documents that are pending for it; nothing during a pause."""
        for handler in HANDLERS.values():
            wanted = [document for document in documents if handler.prompt and handler.name in document["pending"]]
            if wanted and time.monotonic() >= self._paused_until:
                yield handler, wanted

    def _try_step(self, handler: Handler, step: Step, documents: Sequence[EntryDocument]) -> bool:
        """Run a step and return whether it succeeded; a failure starts a pause."""
        try:
            step([Entry.of(document) for document in documents])
        except Exception as error:  # noqa: BLE001 - whatever a handler raises, the worker tries again
            self._paused_until = time.monotonic() + PAUSE_SECONDS
            log.warning("inline_delivery_failed", handler=handler.name, error=str(error)[:200])
            return False
        return True


inline_delivery = InlineDelivery()
