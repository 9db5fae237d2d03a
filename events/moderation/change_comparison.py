"""The fields of an event side by side: as they were last approved, and as they are now."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from config.core.clock import written_out
from events.field_values import EDITABLE, LABELS, MOMENTS, snapshot
from events.models import Event

WORD = re.compile(r"\s*\S+|\s+$")


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class FieldComparison:
    """The old and the new value of a field in pieces of whole words; the words that differ are marked."""

    label: str
    old: Sequence[Piece]
    new: Sequence[Piece]
    changed: bool


def compare(event: Event) -> list[FieldComparison]:
    """Compare each field with its approved value, changed fields first; without an approval nothing is marked."""
    now, before = snapshot(event), event.approved or {}
    rows = [compare_field(name, before.get(name), now[name], was_approved=bool(before)) for name in EDITABLE]
    return sorted(rows, key=lambda row: not row.changed)


def compare_field(name: str, old: object, new: object, *, was_approved: bool) -> FieldComparison:
    before, after = display_text(name, old) if was_approved else "", display_text(name, new)
    if not was_approved or before == after:
        unchanged = [Piece(before, changed=False)], [Piece(after, changed=False)]
        return FieldComparison(LABELS[name], *unchanged, changed=False)
    return FieldComparison(LABELS[name], *mark_differences(before, after), changed=True)


def display_text(name: str, value: object) -> str:
    if value in (None, "", []):
        return "(none)"
    if name in MOMENTS:
        return f"{written_out(datetime.fromisoformat(str(value)))} UTC"
    return ", ".join(value) if isinstance(value, list) else f"{value:,}" if isinstance(value, int) else str(value)


def mark_differences(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    before, after = WORD.findall(old), WORD.findall(new)
    steps = SequenceMatcher(None, before, after).get_opcodes()
    return (
        list(join_words(before, ((step[0] != "equal", step[1], step[2]) for step in steps))),
        list(join_words(after, ((step[0] != "equal", step[3], step[4]) for step in steps))),
    )


def join_words(words: Sequence[str], ranges: Iterator[tuple[bool, int, int]]) -> Iterator[Piece]:
    yield from (Piece("".join(words[start:end]), changed) for changed, start, end in ranges if start < end)
