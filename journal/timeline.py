"""What happened to an object, for people: rows made from the journal and from the admin's own log."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.admin.models import LogEntry

from config.admin.links import change_link
from journal.accounts import accounts_of
from journal.documents import EntryData
from journal.models import Entry
from journal.retries import GIVEN_UP

TEXT_FIELDS = ("reason", "note", "text")
NUMBER_FIELDS = {"qty": "seats", "amount": "amount"}
LONGEST_TEXT = 160

Detail = tuple[str, str]  # label and value


@dataclass(slots=True)
class TimelineRow:
    """One thing that happened. ``failures`` has a sentence for each handler that failed."""

    at: datetime
    title: str
    actor: str
    source: str = "journal"
    actor_name: str = ""
    subject: str = ""
    details: list[Detail] = field(default_factory=list)
    delivered: list[tuple[str, str]] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    link: str = ""


def timeline_rows(entries: Iterable[Entry], log_entries: Iterable[LogEntry] = ()) -> list[TimelineRow]:
    """Return rows, newest first, each with the name of its actor."""
    rows = [*map(row_of_entry, entries), *map(row_of_log_entry, log_entries)]
    rows.sort(key=lambda row: row.at, reverse=True)
    name_actors(rows)
    return rows


def row_of_entry(entry: Entry) -> TimelineRow:
    return TimelineRow(
        at=entry.at,
        title=entry.type,
        actor=entry.actor,
        subject=entry.subject,
        details=details_of(entry.data),
        delivered=sorted(entry.delivered.items()),
        waiting=[name for name in entry.pending if name not in entry.failures and not name.startswith(GIVEN_UP)],
        failures=failures_of(entry),
        link=change_link(entry),
    )


def row_of_log_entry(entry: LogEntry) -> TimelineRow:
    return TimelineRow(at=entry.action_time, title=entry.get_change_message(), actor=str(entry.user_id), source="admin")


def details_of(data: EntryData) -> list[Detail]:
    """Return the texts of an entry, its numbers, and each changed value with the value before."""
    texts = [(name, shorten(data[name])) for name in TEXT_FIELDS if data.get(name)]
    numbers = [(label, shorten(data[name])) for name, label in NUMBER_FIELDS.items() if name in data]
    return [*texts, *numbers, *changes_of(data)]


def changes_of(data: EntryData) -> list[Detail]:
    """Return old and new values: of ``changes`` (by field), or of the two objects ``before`` and ``after``."""
    before, after = data.get("before") or {}, data.get("after") or {}
    from_objects = {name: (before.get(name), after.get(name)) for name in {**before, **after}}
    from_changes = {name: (values["old"], values["new"]) for name, values in (data.get("changes") or {}).items()}
    changes = {**from_objects, **from_changes}.items()
    return [(name, f"{shorten(old)} → {shorten(new)}") for name, (old, new) in changes if old != new]


def shorten(value: object) -> str:
    text = "none" if value is None or value == "" else str(value)
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + "…"


def failures_of(entry: Entry) -> list[str]:
    """Return a sentence for each handler that failed: how often, why, and whether it gave up."""
    given_up = {name.removeprefix(GIVEN_UP) for name in entry.pending if name.startswith(GIVEN_UP)}
    return [
        f"{name}: {failure['attempts']} times, {failure['error']}{' (given up)' if name in given_up else ''}"
        for name, failure in entry.failures.items()
    ]


def name_actors(rows: Sequence[TimelineRow]) -> None:
    """Look up all names in one query; an actor without an account keeps its own name."""
    accounts = accounts_of(row.actor for row in rows)
    names = {actor: f"{account.name} ({account.email})" for actor, account in accounts.items()}
    for row in rows:
        row.actor_name = names.get(row.actor, row.actor or "the system")
