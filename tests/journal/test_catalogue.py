"""The declared types of entries agree with the entries that are appended and with the handlers."""

from pathlib import Path
from typing import Any, get_origin, get_type_hints, is_typeddict

import pytest

from accounts.models import User
from journal.catalogue import ALWAYS, ENTRY_TYPES, EntryType
from journal.handlers import HANDLERS
from journal.models import Entry
from realtime.webhooks.event_types import EVENT_TYPES
from tests.support import every_journal_entry

DOCS = Path(__file__).parents[2] / "docs" / "journal-entries.md"
DECLARED = sorted(ENTRY_TYPES.values(), key=lambda one: one.name)


@pytest.fixture
def appended(organizer: User, customer: User, other_customer: User, staff: User, settings) -> list[Entry]:
    """Entries of every type."""
    settings.MODERATION_RULES = []
    every_journal_entry.append_every_type(organizer, customer, other_customer, staff)
    return list(Entry.objects.all())


def test_entries_have_the_data_that_their_type_declares(appended: list[Entry]):
    assert sorted({entry.type for entry in appended}) == sorted(ENTRY_TYPES)
    assert [fault for entry in appended for fault in faults(entry)] == []


def faults(entry: Entry) -> list[str]:
    declared: Any = ENTRY_TYPES[entry.type].data
    hints = get_type_hints(declared)
    missing, unknown = declared.__required_keys__ - entry.data.keys(), entry.data.keys() - hints
    wrong = [name for name, hint in hints.items() if name in entry.data and not fits(entry.data[name], hint)]
    return [
        f"{entry.type}: {name} is {fault}"
        for fault, names in (("missing", missing), ("not declared", unknown), ("of another type", wrong))
        for name in sorted(names)
    ]


def fits(value: object, hint: Any) -> bool:
    return isinstance(value, dict if is_typeddict(hint) else get_origin(hint) or hint)


@pytest.mark.no_database
@pytest.mark.parametrize("declared", DECLARED, ids=lambda one: one.name)
def test_the_event_log_shows_only_declared_fields(declared: EntryType):
    assert set(declared.event_log) <= get_type_hints(declared.data).keys()


@pytest.mark.no_database
@pytest.mark.parametrize("handler", HANDLERS.values(), ids=lambda one: one.name)
def test_handlers_take_only_declared_types(handler: Any):
    assert set(handler.types) <= ENTRY_TYPES.keys()


@pytest.mark.no_database
def test_webhooks_offer_the_types_that_declare_it():
    assert sorted(EVENT_TYPES) == [one.name for one in DECLARED if one.webhook]


@pytest.mark.no_database
def test_the_documented_table_equals_the_catalogue():
    documented = [line for line in DOCS.read_text().splitlines() if line.startswith("| `")]

    assert documented == [row(one) for one in DECLARED]


def row(one: EntryType) -> str:
    """Return the line of docs/journal-entries.md about a type."""
    others = (name for name, handler in HANDLERS.items() if one.name in handler.types)
    handlers = ", ".join(f"`{name}`" for name in others if name not in {"eventlog", "webhooks"})
    cells = (f"`{one.name}`", one.data.__name__, handlers, ", ".join(one.event_log), "yes" if one.webhook else "")
    return f"| {' | '.join((*cells, decision(one)))} |"


def decision(one: EntryType) -> str:
    if one.staff_decision is None:
        return ""
    if one.staff_decision == ALWAYS:
        return "always"
    return ", ".join(f"where `{name}` is `{value}`" for name, value in one.staff_decision.items())
