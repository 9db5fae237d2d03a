"""Journal entries about events: what each type carries, what makes it, and where it goes.

Handlers that take them: events/handlers.py, bookings/handlers.py, realtime/handlers.py; docs/journal-entries.md lists
them by type.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NotRequired, TypedDict, cast

from accounts.actors import Actor
from config.core.clock import iso
from events.documents import EventUpdates
from events.editable_fields import EDITABLE, plain
from events.models import Event, Report
from events.moderation.reasons import public_reason
from journal.append import build_entry
from journal.catalogue import ALWAYS, EntryType
from journal.documents import EntryDocument

DECIDED = ("status", "hidden", "hidden_reason", "featured", "queue", "appeal", "approved_at")


class EventEntry(StrEnum):
    CREATED = "event.created"
    PUBLISHED = "event.published"
    UPDATED = "event.updated"
    CANCELLED = "event.cancelled"
    DELETED = "event.deleted"
    APPROVED = "event.approved"
    HIDDEN = "event.hidden"
    RESTORED = "event.restored"
    FEATURED = "event.featured"
    UNFEATURED = "event.unfeatured"
    NOTED = "event.noted"  # a note that staff keep to themselves
    REPORTED = "event.reported"
    APPEALED = "event.appealed"


class EventData(TypedDict):
    """The event as it was before: what every type carries."""

    id: str
    title: str
    organizerId: str
    date: str
    timezone: str
    city: str
    venue: str
    status: str


class FieldChange(TypedDict):
    old: object
    new: object


class EventChangedData(EventData):
    """``changes`` are by the field's name, of those that organizers can change; long texts by their beginning.

    Of an update a job writes a notice for everyone who booked, where it concerns them
    (bookings/bulk/change_notices.py).
    """

    changes: dict[str, FieldChange]
    byStaff: bool


class DecisionData(TypedDict):
    """``reason`` is the sentence that people are told, ``reasonCode`` from the moderators' list, ``text`` their own."""

    reason: str
    reasonCode: str
    text: str
    before: dict[str, object]
    after: dict[str, object]


class EventDecidedData(EventChangedData, DecisionData):
    pass


class EventCancelledData(EventChangedData):
    """What staff cancelled carries a decision too; its organizer hears of that by mail and notification.

    A job cancels the bookings and writes a notice for everyone who booked or waits.
    """

    reason: str
    reasonCode: NotRequired[str]
    text: NotRequired[str]
    before: NotRequired[dict[str, object]]
    after: NotRequired[dict[str, object]]


class EventReportedData(EventData):
    reportId: str
    customerId: str
    reason: str


class EventAppealedData(EventChangedData):
    """``text`` is the appeal, ``reason`` why the event is hidden."""

    text: str
    reason: str


NAMED = ("id", "title", "organizerId")
ENTRY_TYPES = (
    EntryType(EventEntry.CREATED, EventData, event_log=NAMED),
    EntryType(EventEntry.PUBLISHED, EventChangedData, event_log=NAMED, webhook=True),
    EntryType(EventEntry.UPDATED, EventChangedData, event_log=(*NAMED, "changes"), webhook=True),
    EntryType(
        EventEntry.CANCELLED,
        EventCancelledData,
        event_log=(*NAMED, "reason"),
        webhook=True,
        staff_decision={"byStaff": True},
    ),
    EntryType(EventEntry.DELETED, EventData, event_log=NAMED, webhook=True),
    EntryType(EventEntry.APPROVED, EventDecidedData, staff_decision=ALWAYS),
    EntryType(EventEntry.HIDDEN, EventDecidedData, event_log=(*NAMED, "reason"), webhook=True, staff_decision=ALWAYS),
    EntryType(EventEntry.RESTORED, EventDecidedData, event_log=NAMED, webhook=True, staff_decision=ALWAYS),
    EntryType(EventEntry.FEATURED, EventDecidedData, staff_decision=ALWAYS),
    EntryType(EventEntry.UNFEATURED, EventDecidedData, staff_decision=ALWAYS),
    EntryType(EventEntry.NOTED, EventDecidedData, staff_decision=ALWAYS),
    EntryType(EventEntry.REPORTED, EventReportedData),
    EntryType(EventEntry.APPEALED, EventAppealedData),
)


@dataclass(frozen=True, slots=True)
class EventChange:
    """A change that is about to be written: the event as it was read, and the new values."""

    event: Event
    updates: EventUpdates
    by: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """Why a moderator decided: a code from their list or none, and their own words."""

    reason: str
    text: str


BuildEntry = Callable[[EventChange], EntryDocument]


def event_created(event: Event, *, by: Actor, at: datetime) -> EntryDocument:
    return about(event, EventEntry.CREATED, event_data(event), by=by, at=at)


def event_deleted(event: Event, *, by: Actor, at: datetime) -> EntryDocument:
    return about(event, EventEntry.DELETED, event_data(event), by=by, at=at)


def event_published(change: EventChange) -> EntryDocument:
    return about_change(EventEntry.PUBLISHED, change, changed_data(change))


def event_updated(change: EventChange) -> EntryDocument:
    return about_change(EventEntry.UPDATED, change, changed_data(change))


def event_cancelled(change: EventChange, *, decision: Decision | None = None) -> EntryDocument:
    data = {**changed_data(change), "reason": change.updates["cancel_reason"]}
    if decision:
        data |= decision_data(change, decision)
    return about_change(EventEntry.CANCELLED, change, cast("EventCancelledData", data))


def event_decided(change: EventChange, *, entry_type: EventEntry, decision: Decision) -> EntryDocument:
    """Return the entry of any other decision of staff: APPROVED to NOTED."""
    data: EventDecidedData = {**changed_data(change), **decision_data(change, decision)}
    return about_change(entry_type, change, data)


def event_appealed(change: EventChange, *, text: str) -> EntryDocument:
    data: EventAppealedData = {**changed_data(change), "text": text, "reason": change.event.hidden_reason}
    return about_change(EventEntry.APPEALED, change, data)


def event_reported(event: Event, report: Report, *, by: Actor) -> EntryDocument:
    data: EventReportedData = {
        **event_data(event),
        "reportId": report.pk,
        "customerId": report.customer_id,
        "reason": report.reason,
    }
    return about(event, EventEntry.REPORTED, data, by=by, at=report.created_at)


def about(event: Event, entry_type: EventEntry, data: EventData, *, by: Actor, at: datetime) -> EntryDocument:
    return build_entry(entry_type, subject=event.pk, actor=by.id, at=at, data=data)


def about_change(entry_type: EventEntry, change: EventChange, data: EventChangedData) -> EntryDocument:
    return about(change.event, entry_type, data, by=change.by, at=change.at)


def event_data(event: Event) -> EventData:
    return {
        "id": event.pk,
        "title": event.title,
        "organizerId": event.organizer_id,
        "date": iso(event.starts_at),
        "timezone": event.timezone,
        "city": event.city,
        "venue": event.venue,
        "status": event.status,
    }


def changed_data(change: EventChange) -> EventChangedData:
    event, updates = change.event, change.updates
    edited = [name for name in updates if name in EDITABLE]
    changes: dict[str, FieldChange] = {
        name: {"old": plain(getattr(event, name)), "new": plain(updates[name])} for name in edited
    }
    return {**event_data(event), "changes": changes, "byStaff": not event.is_owned_by(change.by)}


def decision_data(change: EventChange, decision: Decision) -> DecisionData:
    names = [name for name in DECIDED if name in change.updates]
    return {
        "reason": public_reason(decision.reason, decision.text) if decision.reason else decision.text,
        "reasonCode": decision.reason,
        "text": decision.text,
        "before": {name: plain(getattr(change.event, name)) for name in names},
        "after": {name: plain(change.updates[name]) for name in names},
    }
