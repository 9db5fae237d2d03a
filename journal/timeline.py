"""What happened to something, as people read it: lines from the journal and from the admin's own log."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model

from journal.documents import EntryData
from journal.models import Entry
from journal.retries import GIVEN_UP

WORDS = ("reason", "note", "text")
FIGURES = {"qty": "seats", "amount": "amount"}
LONGEST = 160


@dataclass(slots=True)
class TimelineRow:
    """One thing that happened. ``details`` are pairs of a word and what it was; ``failures`` say why it is stuck."""

    at: datetime
    what: str
    actor: str
    source: str = "journal"
    who: str = ""
    subject: str = ""
    details: list[tuple[str, str]] = field(default_factory=list)
    delivered: list[tuple[str, str]] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    link: str = ""


def timeline_rows(entries: Iterable[Entry], logged: Iterable[LogEntry] = ()) -> list[TimelineRow]:
    """Return lines newest first, each with the name of who did it."""
    lines = [*map(line_of_entry, entries), *map(line_of_log, logged)]
    lines.sort(key=lambda line: line.at, reverse=True)
    name_actors(lines)
    return lines


def line_of_entry(entry: Entry) -> TimelineRow:
    return TimelineRow(
        at=entry.at,
        what=entry.type,
        actor=entry.actor,
        subject=entry.subject,
        details=details_of(entry.data),
        delivered=sorted(entry.delivered.items()),
        waiting=[name for name in entry.pending if name not in entry.failures and not name.startswith(GIVEN_UP)],
        failures=failures_of(entry),
        link=f"/admin/journal/entry/{entry.pk}/change/",
    )


def line_of_log(logged: LogEntry) -> TimelineRow:
    return TimelineRow(at=logged.action_time, what=logged.get_change_message(), actor=logged.user_id, source="admin")


def details_of(data: EntryData) -> list[tuple[str, str]]:
    """Return what was said about it, what it was before and after, and how much it was about."""
    said = [(word, short(data[word])) for word in WORDS if data.get(word)]
    figures = [(label, short(data[name])) for name, label in FIGURES.items() if name in data]
    return [*said, *figures, *changes_of(data)]


def changes_of(data: EntryData) -> list[tuple[str, str]]:
    """Return old and new values, from ``changes`` by field or from two pictures ``before`` and ``after``."""
    before, after = data.get("before") or {}, data.get("after") or {}
    pictures = {name: (before.get(name), after.get(name)) for name in {**before, **after}}
    edits = {name: (values["old"], values["new"]) for name, values in (data.get("changes") or {}).items()}
    changes = {**pictures, **edits}.items()
    return [(name, f"{short(old)} → {short(new)}") for name, (old, new) in changes if old != new]


def short(value: object) -> str:
    text = "none" if value is None or value == "" else str(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def failures_of(entry: Entry) -> list[str]:
    """Say of each handler that failed how often and why, and which of them were given up."""
    given_up = {name.removeprefix(GIVEN_UP) for name in entry.pending if name.startswith(GIVEN_UP)}
    return [
        f"{name}: {failure['attempts']} times, {failure['error']}{' (given up)' if name in given_up else ''}"
        for name, failure in entry.failures.items()
    ]


def name_actors(lines: Sequence[TimelineRow]) -> None:
    """Look the names up, all at once; what has no account, such as the worker, goes by its own name."""
    accounts: Any = get_user_model()
    people = accounts.objects.filter(pk__in={line.actor for line in lines if line.actor})
    names = {person.pk: f"{person.name} ({person.email})" for person in people.only("pk", "name", "email")}
    for line in lines:
        line.who = names.get(line.actor, line.actor or "the system")
