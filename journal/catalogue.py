"""The types of journal entries. Each app declares its own in ``<app>/journal_entries.py`` and registers them when it
starts; the journal knows none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

ALWAYS: Mapping[str, object] = {}


@dataclass(frozen=True, slots=True)
class EntryType:
    """A type of entry.

    ``data`` is the TypedDict of the entry's data. ``event_log`` names the fields of the data that the event log shows;
    the event log leaves out a type that names none. ``webhook`` says whether organizers may subscribe to the type.
    ``staff_decision`` says which entries of the type are decisions of staff: those whose data have these values, or
    ALWAYS.
    """

    name: str
    data: type
    event_log: tuple[str, ...] = ()
    webhook: bool = False
    staff_decision: Mapping[str, object] | None = None


ENTRY_TYPES: dict[str, EntryType] = {}
EVENT_LOG_FIELDS: dict[str, tuple[str, ...]] = {}  # of the types that the event log shows


def register(types: Iterable[EntryType]) -> None:
    for entry_type in types:
        ENTRY_TYPES[entry_type.name] = entry_type
        if entry_type.event_log:
            EVENT_LOG_FIELDS[entry_type.name] = entry_type.event_log
