"""The types of entries: what each carries, and what the journal does with it beside handing it to its handlers.

Each app declares its own in ``<app>/journal_entries.py`` and registers them when it starts; the journal knows none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

ALWAYS: Mapping[str, object] = {}


@dataclass(frozen=True, slots=True)
class EntryType:
    """A type of entry.

    ``data`` is the TypedDict of what it carries. ``event_log`` names those of its fields that the event log shows;
    without any it is not in there. ``webhook``: organizers may have it sent to their own systems. ``staff_decision``
    says which of these entries are decisions of staff: those with these values among their data, or ALWAYS.
    """

    name: str
    data: type
    event_log: tuple[str, ...] = ()
    webhook: bool = False
    staff_decision: Mapping[str, object] | None = None


ENTRY_TYPES: dict[str, EntryType] = {}
EVENT_LOG_FIELDS: dict[str, tuple[str, ...]] = {}  # of the types that are in the event log


def register(types: Iterable[EntryType]) -> None:
    for one in types:
        ENTRY_TYPES[one.name] = one
        if one.event_log:
            EVENT_LOG_FIELDS[one.name] = one.event_log
