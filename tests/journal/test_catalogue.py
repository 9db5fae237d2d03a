"""What the catalogues declare of the types of entries is what is written and what is delivered."""

from pathlib import Path
from typing import Any, get_origin, get_type_hints, is_typeddict

import pytest

from accounts.models import User
from journal.catalogue import ALWAYS, ENTRY_TYPES, EntryType
from journal.handlers import HANDLERS
from journal.models import Entry
from realtime.webhooks.event_types import EVENT_TYPES
from tests.journal import everything

DOCS = Path(__file__).parents[2] / "docs" / "journal-entries.md"
DECLARED = sorted(ENTRY_TYPES.values(), key=lambda one: one.name)


@pytest.fixture
def written(organizer: User, customer: User, other_customer: User, staff: User, settings) -> list[Entry]:
    """Entries of everything that can happen."""
    settings.MODERATION_RULES = []
    everything.happen(organizer, customer, other_customer, staff)
    return list(Entry.objects.all())


def test_entries_carry_what_their_type_declares(written: list[Entry]):
    assert sorted({entry.type for entry in written}) == sorted(ENTRY_TYPES)
    assert [fault for entry in written for fault in faults(entry)] == []


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
def test_the_event_log_shows_fields_that_the_type_has(declared: EntryType):
    assert set(declared.event_log) <= get_type_hints(declared.data).keys()


@pytest.mark.no_database
@pytest.mark.parametrize("handler", HANDLERS.values(), ids=lambda one: one.name)
def test_handlers_take_types_that_are_declared(handler: Any):
    assert set(handler.types) <= ENTRY_TYPES.keys()


@pytest.mark.no_database
def test_webhooks_offer_what_is_declared_for_them():
    assert sorted(EVENT_TYPES) == [one.name for one in DECLARED if one.webhook]


@pytest.mark.no_database
def test_the_documented_table_is_complete():
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
