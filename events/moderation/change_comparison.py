"""What changed since the last approval, side by side."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from config.core.clock import written_out
from events.editable_fields import EDITABLE, LABELS, MOMENTS, snapshot
from events.models import Event

WORD = re.compile(r"\s*\S+|\s+$")


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A field: its old and its new words in pieces, those that differ marked."""

    label: str
    old: Sequence[Piece]
    new: Sequence[Piece]
    changed: bool


def compare(event: Event) -> list[Row]:
    """Return a row a field, what changed first; nothing is marked on an event that was never approved."""
    now, before = snapshot(event), event.approved or {}
    rows = [row(name, before.get(name), now[name], known=bool(before)) for name in EDITABLE]
    return sorted(rows, key=lambda one: not one.changed)


def row(name: str, old: object, new: object, *, known: bool) -> Row:
    was, is_now = shown(name, old) if known else "", shown(name, new)
    if not known or was == is_now:
        return Row(LABELS[name], [Piece(was, changed=False)], [Piece(is_now, changed=False)], changed=False)
    return Row(LABELS[name], *differences(was, is_now), changed=True)


def shown(name: str, value: object) -> str:
    if value in (None, "", []):
        return "(none)"
    if name in MOMENTS:
        return f"{written_out(datetime.fromisoformat(str(value)))} UTC"
    return ", ".join(value) if isinstance(value, list) else f"{value:,}" if isinstance(value, int) else str(value)


def differences(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    """Return both texts in pieces of whole words."""
    before, after = WORD.findall(old), WORD.findall(new)
    steps = SequenceMatcher(None, before, after).get_opcodes()
    return (
        list(pieces(before, ((step[0] != "equal", step[1], step[2]) for step in steps))),
        list(pieces(after, ((step[0] != "equal", step[3], step[4]) for step in steps))),
    )


def pieces(words: Sequence[str], parts: Iterator[tuple[bool, int, int]]) -> Iterator[Piece]:
    yield from (Piece("".join(words[start:end]), changed) for changed, start, end in parts if start < end)
