"""Journal entries about events: the data of each type, the function that builds it, and who receives it.

Their handlers are in events/handlers.py, bookings/handlers.py and realtime/handlers.py; docs/journal-entries.md lists
them by type.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NotRequired, TypedDict, cast

from accounts.actors import Actor
from config.core.clock import iso
from events.documents import EventUpdates
from events.field_values import EDITABLE, as_short_json
from events.models import Event, Report
from events.moderation.reasons import public_reason
from journal.append import build_entry
from journal.catalogue import ALWAYS, EntryType
from journal.documents import EntryDocument

DECISION_FIELDS = ("status", "hidden", "hidden_reason", "featured", "queue", "appeal", "approved_at")


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
    NOTED = "event.noted"  # an internal note of staff
    REPORTED = "event.reported"
    APPEALED = "event.appealed"


class EventData(TypedDict):
    """The event as it was before the change; every type carries this."""

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
    """``changes`` has the changed fields by name, of those that organizers can change; long texts are cut.

    After an update a job notifies everyone who booked of the changes that concern them
    (bookings/bulk/change_notices.py).
    """

    changes: dict[str, FieldChange]
    byStaff: bool


class DecisionData(TypedDict):
    """``reason`` is the public sentence, ``reasonCode`` a DecisionReason or empty, ``text`` the moderator's words."""

    reason: str
    reasonCode: str
    text: str
    before: dict[str, object]
    after: dict[str, object]


class EventDecidedData(EventChangedData, DecisionData):
    pass


class EventCancelledData(EventChangedData):
    """A cancellation by staff carries a decision too; the organizer gets a mail and a notification.

    A job cancels the bookings and notifies everyone who booked or is on the waitlist.
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


LOGGED = ("id", "title", "organizerId")
ENTRY_TYPES = (
    EntryType(EventEntry.CREATED, EventData, event_log=LOGGED),
    EntryType(EventEntry.PUBLISHED, EventChangedData, event_log=LOGGED, webhook=True),
    EntryType(EventEntry.UPDATED, EventChangedData, event_log=(*LOGGED, "changes"), webhook=True),
    EntryType(
        EventEntry.CANCELLED,
        EventCancelledData,
        event_log=(*LOGGED, "reason"),
        webhook=True,
        staff_decision={"byStaff": True},
    ),
    EntryType(EventEntry.DELETED, EventData, event_log=LOGGED, webhook=True),
    EntryType(EventEntry.APPROVED, EventDecidedData, staff_decision=ALWAYS),
    EntryType(
        EventEntry.HIDDEN,
        EventDecidedData,
        event_log=(*LOGGED, "reason"),
        webhook=True,
        staff_decision=ALWAYS,
    ),
    EntryType(EventEntry.RESTORED, EventDecidedData, event_log=LOGGED, webhook=True, staff_decision=ALWAYS),
    EntryType(EventEntry.FEATURED, EventDecidedData, staff_decision=ALWAYS),
    EntryType(EventEntry.UNFEATURED, EventDecidedData, staff_decision=ALWAYS),
    EntryType(EventEntry.NOTED, EventDecidedData, staff_decision=ALWAYS),
    EntryType(EventEntry.REPORTED, EventReportedData),
    EntryType(EventEntry.APPEALED, EventAppealedData),
)


@dataclass(frozen=True, slots=True)
class EventChange:
    """A change before it is written: the event as it was read, and the new values."""

    event: Event
    updates: EventUpdates
    by: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """Why a moderator decided: a DecisionReason or none, and their own words."""

    reason: str
    text: str


BuildEntry = Callable[[EventChange], EntryDocument]


def event_created(event: Event, *, by: Actor, at: datetime) -> EntryDocument:
    return event_entry(event, EventEntry.CREATED, event_data(event), by=by, at=at)


def event_deleted(event: Event, *, by: Actor, at: datetime) -> EntryDocument:
    return event_entry(event, EventEntry.DELETED, event_data(event), by=by, at=at)


def event_published(change: EventChange) -> EntryDocument:
    return change_entry(EventEntry.PUBLISHED, change, changed_data(change))


def event_updated(change: EventChange) -> EntryDocument:
    return change_entry(EventEntry.UPDATED, change, changed_data(change))


def event_cancelled(change: EventChange, *, decision: Decision | None = None) -> EntryDocument:
    data = {**changed_data(change), "reason": change.updates["cancel_reason"]}
    if decision:
        data |= decision_data(change, decision)
    return change_entry(EventEntry.CANCELLED, change, cast("EventCancelledData", data))


def event_decided(change: EventChange, *, entry_type: EventEntry, decision: Decision) -> EntryDocument:
    """Return the entry of any decision of staff but a cancellation."""
    data: EventDecidedData = {**changed_data(change), **decision_data(change, decision)}
    return change_entry(entry_type, change, data)


def event_appealed(change: EventChange, *, text: str) -> EntryDocument:
    data: EventAppealedData = {**changed_data(change), "text": text, "reason": change.event.hidden_reason}
    return change_entry(EventEntry.APPEALED, change, data)


def event_reported(event: Event, report: Report, *, by: Actor) -> EntryDocument:
    data: EventReportedData = {
        **event_data(event),
        "reportId": report.pk,
        "customerId": report.customer_id,
        "reason": report.reason,
    }
    return event_entry(event, EventEntry.REPORTED, data, by=by, at=report.created_at)


def event_entry(event: Event, entry_type: EventEntry, data: EventData, *, by: Actor, at: datetime) -> EntryDocument:
    return build_entry(entry_type, subject=event.pk, actor=by.id, at=at, data=data)


def change_entry(entry_type: EventEntry, change: EventChange, data: EventChangedData) -> EntryDocument:
    return event_entry(change.event, entry_type, data, by=change.by, at=change.at)


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
    event = change.event
    updates: Mapping[str, object] = change.updates
    edited = [name for name in updates if name in EDITABLE]
    changes: dict[str, FieldChange] = {
        name: {"old": as_short_json(getattr(event, name)), "new": as_short_json(updates[name])} for name in edited
    }
    return {**event_data(event), "changes": changes, "byStaff": not event.is_owned_by(change.by)}


def decision_data(change: EventChange, decision: Decision) -> DecisionData:
    updates: Mapping[str, object] = change.updates
    names = [name for name in DECISION_FIELDS if name in updates]
    return {
        "reason": public_reason(decision.reason, decision.text) if decision.reason else decision.text,
        "reasonCode": decision.reason,
        "text": decision.text,
        "before": {name: as_short_json(getattr(change.event, name)) for name in names},
        "after": {name: as_short_json(updates[name]) for name in names},
    }
