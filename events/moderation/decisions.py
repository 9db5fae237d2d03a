"""The decisions of moderators about events. The admin calls these services.

A moderator decides on the version that they reviewed (``ReviewedVersion``): if the event changed since, the decision
is refused; if a report came in since, the event stays in the queue. The journal entry has who decided, why
(``reason`` is the public sentence, ``reasonCode``, ``text``) and the fields before and after.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Self

from accounts.actors import Actor
from config.core.clock import iso
from config.core.errors import Conflict, Forbidden, Invalid
from events import lifecycle, versioned_change
from events.documents import EventUpdates
from events.field_values import snapshot
from events.journal_entries import Decision, EventEntry, event_decided
from events.models import Event
from events.moderation.queueing_rules import dequeue
from events.moderation.reasons import Cause, refuse_long_text, validate_public_reason
from events.versioned_change import Plan

NOTES_KEPT = 50


@dataclass(frozen=True, slots=True)
class ReviewedVersion:
    """The event as a moderator reviewed it: its version, and how many reports it had."""

    version: int
    reports: int

    @classmethod
    def of(cls, event: Event) -> Self:
        return cls(version=event.version, reports=event.reports)


class NeverPublished(Conflict):
    code = "not_published"
    detail = "This event is a draft: only its organizer sees it."


class AlreadyApproved(Conflict):
    code = "already_approved"
    detail = "This event was approved as it is."


class StillHidden(Conflict):
    code = "event_hidden"
    detail = "This event is hidden: restore it, or keep it hidden and say why."


class AlreadyHidden(Conflict):
    code = "already_hidden"
    detail = "This event is hidden already, and nothing new has come up."


class NotHidden(Conflict):
    code = "not_hidden"
    detail = "This event is not hidden."


class AlreadyFeatured(Conflict):
    code = "already_featured"
    detail = "This event is featured already."


class NotListed(Conflict):
    code = "not_listed"
    detail = "Only an event on the public list can be featured."


class NotFeatured(Conflict):
    code = "not_featured"
    detail = "This event is not featured."


def approve_event(*, event_id: str, by: Actor, now: datetime, reviewed: ReviewedVersion, text: str = "") -> Event:
    """Approve the event as it is; moderators then see later changes beside the approved values.

    Raises:
        NeverPublished, StillHidden, AlreadyApproved; and those of ``apply_decision``.
    """

    def plan(event: Event) -> EventUpdates:
        refuse_draft(event)
        if event.hidden:
            raise StillHidden
        approval = approval_updates(event, by=by, now=now)
        if not event.queue and event.approved == approval["approved"]:
            raise AlreadyApproved
        return {**approval, **dequeue_reviewed(event, reviewed)}

    return apply_decision(EventEntry.APPROVED, plan, event_id=event_id, by=by, now=now, reviewed=reviewed, text=text)


def hide_event(
    *, event_id: str, by: Actor, now: datetime, reviewed: ReviewedVersion, reason: str, text: str = ""
) -> Event:
    """Take the event off the public list and off sale; tickets stay valid. A hidden event that is queued stays hidden.

    Raises:
        NeverPublished, AlreadyHidden; Invalid: no reason from the list; and those of ``apply_decision``.
    """
    public_reason = validate_public_reason(reason, text)

    def plan(event: Event) -> EventUpdates:
        refuse_draft(event)
        if event.hidden and not event.queue:
            raise AlreadyHidden
        return {"hidden": True, "hidden_reason": public_reason, **dequeue_reviewed(event, reviewed)}

    return apply_decision(
        EventEntry.HIDDEN, plan, event_id=event_id, by=by, now=now, reviewed=reviewed, reason=reason, text=text
    )


def restore_event(*, event_id: str, by: Actor, now: datetime, reviewed: ReviewedVersion, text: str = "") -> Event:
    """Show a hidden event again, approved as it is. Free seats go to the waitlist first.

    Raises:
        NotHidden; and those of ``apply_decision``.
    """

    def plan(event: Event) -> EventUpdates:
        if not event.hidden:
            raise NotHidden
        approval = approval_updates(event, by=by, now=now)
        return {"hidden": False, "hidden_reason": "", **approval, **dequeue_reviewed(event, reviewed)}

    return apply_decision(EventEntry.RESTORED, plan, event_id=event_id, by=by, now=now, reviewed=reviewed, text=text)


def cancel_event(
    *, event_id: str, by: Actor, now: datetime, reviewed: ReviewedVersion, reason: str, text: str = ""
) -> Event:
    """Cancel the event as staff, with its bookings (events/moderation/cancellation_preview.py counts them before).

    Raises:
        InvalidTransition: cancelled already.  Invalid: no reason from the list; and those of ``apply_decision``.
    """
    refuse_all_but_staff(by)
    return lifecycle.cancel_event(
        event_id=event_id,
        by=by,
        now=now,
        reason=validate_public_reason(reason, text),
        versions=frozenset([reviewed.version]),
        decision=Decision(reason, text),
    )


def feature_event(*, event_id: str, by: Actor, now: datetime, reviewed: ReviewedVersion, text: str = "") -> Event:
    """Feature the event. A queued event stays queued.

    Raises:
        AlreadyFeatured, NotListed; and those of ``apply_decision``.
    """

    def plan(event: Event) -> EventUpdates:
        if event.featured:
            raise AlreadyFeatured
        if not event.is_listed():
            raise NotListed
        return {"featured": True}

    return apply_decision(EventEntry.FEATURED, plan, event_id=event_id, by=by, now=now, reviewed=reviewed, text=text)


def unfeature_event(*, event_id: str, by: Actor, now: datetime, reviewed: ReviewedVersion, text: str = "") -> Event:
    """Raises NotFeatured; and those of ``apply_decision``."""

    def plan(event: Event) -> EventUpdates:
        if not event.featured:
            raise NotFeatured
        return {"featured": False}

    return apply_decision(EventEntry.UNFEATURED, plan, event_id=event_id, by=by, now=now, reviewed=reviewed, text=text)


def note_event(*, event_id: str, by: Actor, now: datetime, reviewed: ReviewedVersion, text: str) -> Event:
    """Add an internal note, which only staff read. A queued event stays queued.

    Raises:
        Invalid: no text; and those of ``apply_decision``.
    """
    if not text:
        raise Invalid("text", "Write the note.", code="required")
    note = {"at": iso(now), "by": by.id, "name": by.name, "text": text}

    def plan(event: Event) -> EventUpdates:
        return {"notes_to_self": [*event.notes_to_self, note][-NOTES_KEPT:]}

    return apply_decision(EventEntry.NOTED, plan, event_id=event_id, by=by, now=now, reviewed=reviewed, text=text)


def apply_decision(
    entry_type: EventEntry,
    plan: Plan,
    *,
    event_id: str,
    by: Actor,
    now: datetime,
    reviewed: ReviewedVersion,
    reason: str = "",
    text: str = "",
) -> Event:
    """Write a decision and its journal entry, if the event still has the reviewed version.

    Raises:
        Forbidden: not staff.  NotFound: no such event.  Invalid: the text is too long.
        PreconditionFailed: the event changed since it was reviewed.
    """
    refuse_all_but_staff(by)
    refuse_long_text(text)
    return versioned_change.change_event(
        event_id=event_id,
        by=by,
        now=now,
        plan=plan,
        build_entry=partial(event_decided, entry_type=entry_type, decision=Decision(reason, text)),
        versions=frozenset([reviewed.version]),
    )


def approval_updates(event: Event, *, by: Actor, now: datetime) -> EventUpdates:
    return {"approved": snapshot(event), "approved_at": now, "approved_by": by.id}


def dequeue_reviewed(event: Event, reviewed: ReviewedVersion) -> EventUpdates:
    """Take the event out of the queue, unless a report came in that the moderator has not read."""
    if event.reports > reviewed.reports:
        return {"queue": [Cause.REPORTED.value], "appeal": ""}
    return {**dequeue(), "appeal": ""}


def refuse_all_but_staff(by: Actor) -> None:
    if not by.is_staff:
        raise Forbidden("Only staff decide about events.")


def refuse_draft(event: Event) -> None:
    if event.status == Event.Status.DRAFT:
        raise NeverPublished
