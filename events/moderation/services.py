"""What moderators decide. The admin comes through here; whoever else has a decision to make does too.

Each decision is made on what the moderator had in front of them (``Seen``). If the event changed since, nothing
happens and they are told; a report that came in since keeps the event in the queue. The journal entry says who, why
(``reason`` as it is told, ``reasonCode``, ``text``), and what was before and after.
"""

from dataclasses import dataclass
from datetime import datetime

from accounts.callers import Caller
from events.models import Event


@dataclass(frozen=True, slots=True)
class Seen:
    """What a decision is made on: the event's version, and how many reports it had."""

    version: int
    reports: int


def approve_event(*, event_id: str, by: Caller, now: datetime, seen: Seen, text: str = "") -> Event:
    """Keep what the event says as approved."""
    raise NotImplementedError


def hide_event(*, event_id: str, by: Caller, now: datetime, seen: Seen, reason: str, text: str = "") -> Event:
    """Take it off the public list and off sale; tickets stay valid. On a hidden one that waits: keep it hidden."""
    raise NotImplementedError


def restore_event(*, event_id: str, by: Caller, now: datetime, seen: Seen, text: str = "") -> Event:
    """Let a hidden event be seen and booked again; who waits for seats is served first."""
    raise NotImplementedError


def cancel_event(*, event_id: str, by: Caller, now: datetime, seen: Seen, reason: str, text: str = "") -> Event:
    """Cancel it as staff, with all that hangs on it."""
    raise NotImplementedError


def feature_event(*, event_id: str, by: Caller, now: datetime, seen: Seen, text: str = "") -> Event:
    raise NotImplementedError


def unfeature_event(*, event_id: str, by: Caller, now: datetime, seen: Seen, text: str = "") -> Event:
    raise NotImplementedError


def note_event(*, event_id: str, by: Caller, now: datetime, seen: Seen, text: str) -> Event:
    """Write a note to self on the event; it stays where it is."""
    raise NotImplementedError
