"""What moderators decide. The admin comes through here; whoever else has a decision to make does too.

Each decision is made on what the moderator had in front of them (``Seen``). If the event changed since, nothing
happens and they are told; a report that came in since keeps the event in the queue. The journal entry says who, why
(``reason`` as people are told it, ``reasonCode``, ``text``), and what was before and after.
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
from events.editable_fields import snapshot
from events.journal_entries import Decision, EventEntry, event_decided
from events.models import Event
from events.moderation.queue import leave
from events.moderation.reasons import Cause, refuse_long, sentence_of
from events.versioned_change import Plan

NOTES_KEPT = 50


@dataclass(frozen=True, slots=True)
class ReviewedVersion:
    """What a decision is made on: the event's version, and how many reports it had."""

    version: int
    reports: int

    @classmethod
    def of(cls, event: Event) -> Self:
        """Return what whoever has just read the event has seen."""
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


def approve_event(*, event_id: str, by: Actor, now: datetime, seen: ReviewedVersion, text: str = "") -> Event:
    """Keep what the event says as approved; the next change is shown beside it.

    Raises:
        NeverPublished, StillHidden, AlreadyApproved; and those of ``decide``.
    """

    def plan(event: Event) -> EventUpdates:
        refuse_draft(event)
        if event.hidden:
            raise StillHidden
        approval = approval_of(event, by=by, now=now)
        if not event.queue and event.approved == approval["approved"]:
            raise AlreadyApproved
        return {**approval, **leaving(event, seen)}

    return decide(EventEntry.APPROVED, plan, event_id=event_id, by=by, now=now, seen=seen, text=text)


def hide_event(*, event_id: str, by: Actor, now: datetime, seen: ReviewedVersion, reason: str, text: str = "") -> Event:
    """Take it off the public list and off sale; tickets stay valid. A hidden one that waits is kept hidden.

    Raises:
        NeverPublished, AlreadyHidden; Invalid: no reason from the list; and those of ``decide``.
    """
    sentence = sentence_of(reason, text)

    def plan(event: Event) -> EventUpdates:
        refuse_draft(event)
        if event.hidden and not event.queue:
            raise AlreadyHidden
        return {"hidden": True, "hidden_reason": sentence, **leaving(event, seen)}

    return decide(EventEntry.HIDDEN, plan, event_id=event_id, by=by, now=now, seen=seen, reason=reason, text=text)


def restore_event(*, event_id: str, by: Actor, now: datetime, seen: ReviewedVersion, text: str = "") -> Event:
    """Let a hidden event be seen and booked again, approved as it is; who waits for seats is served first.

    Raises:
        NotHidden; and those of ``decide``.
    """

    def plan(event: Event) -> EventUpdates:
        if not event.hidden:
            raise NotHidden
        return {"hidden": False, "hidden_reason": "", **approval_of(event, by=by, now=now), **leaving(event, seen)}

    return decide(EventEntry.RESTORED, plan, event_id=event_id, by=by, now=now, seen=seen, text=text)


def cancel_event(
    *, event_id: str, by: Actor, now: datetime, seen: ReviewedVersion, reason: str, text: str = ""
) -> Event:
    """Cancel it as staff, with all that hangs on it (events/moderation/cancellation_preview.py tells how much that is).

    Raises:
        InvalidTransition: cancelled already.  Invalid: no reason from the list; and those of ``decide``.
    """
    refuse_others(by)
    return lifecycle.cancel_event(
        event_id=event_id,
        by=by,
        now=now,
        reason=sentence_of(reason, text),
        versions=frozenset([seen.version]),
        decision=Decision(reason, text),
    )


def feature_event(*, event_id: str, by: Actor, now: datetime, seen: ReviewedVersion, text: str = "") -> Event:
    """Put it forward. It stays in the queue if it is there.

    Raises:
        AlreadyFeatured, NotListed; and those of ``decide``.
    """

    def plan(event: Event) -> EventUpdates:
        if event.featured:
            raise AlreadyFeatured
        if not event.is_listed():
            raise NotListed
        return {"featured": True}

    return decide(EventEntry.FEATURED, plan, event_id=event_id, by=by, now=now, seen=seen, text=text)


def unfeature_event(*, event_id: str, by: Actor, now: datetime, seen: ReviewedVersion, text: str = "") -> Event:
    """Raises NotFeatured; and those of ``decide``."""

    def plan(event: Event) -> EventUpdates:
        if not event.featured:
            raise NotFeatured
        return {"featured": False}

    return decide(EventEntry.UNFEATURED, plan, event_id=event_id, by=by, now=now, seen=seen, text=text)


def note_event(*, event_id: str, by: Actor, now: datetime, seen: ReviewedVersion, text: str) -> Event:
    """Write a note to self on the event, for staff to read; it stays where it is.

    Raises:
        Invalid: no text; and those of ``decide``.
    """
    if not text:
        raise Invalid("text", "Write the note.", code="required")
    note = {"at": iso(now), "by": by.id, "name": by.name, "text": text}

    def plan(event: Event) -> EventUpdates:
        return {"notes_to_self": [*event.notes_to_self, note][-NOTES_KEPT:]}

    return decide(EventEntry.NOTED, plan, event_id=event_id, by=by, now=now, seen=seen, text=text)


def decide(
    entry_type: EventEntry,
    plan: Plan,
    *,
    event_id: str,
    by: Actor,
    now: datetime,
    seen: ReviewedVersion,
    reason: str = "",
    text: str = "",
) -> Event:
    """Write a decision and its journal entry, if the event is as it was seen.

    Raises:
        Forbidden: not staff.  NotFound: no such event.  Invalid: the text is too long.
        PreconditionFailed: the event changed since it was looked at.
    """
    refuse_others(by)
    refuse_long(text)
    return versioned_change.change_event(
        event_id=event_id,
        by=by,
        now=now,
        plan=plan,
        build_entry=partial(event_decided, entry_type=entry_type, decision=Decision(reason, text)),
        versions=frozenset([seen.version]),
    )


def approval_of(event: Event, *, by: Actor, now: datetime) -> EventUpdates:
    return {"approved": snapshot(event), "approved_at": now, "approved_by": by.id}


def leaving(event: Event, seen: ReviewedVersion) -> EventUpdates:
    """Take it out of the queue, unless a report came in that the moderator has not read."""
    unread = {"queue": [Cause.REPORTED.value]} if event.reports > seen.reports else leave()
    return {**unread, "appeal": ""}


def refuse_others(by: Actor) -> None:
    if not by.is_staff:
        raise Forbidden("Only staff decide about events.")


def refuse_draft(event: Event) -> None:
    if event.status == Event.Status.DRAFT:
        raise NeverPublished
