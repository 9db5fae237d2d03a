"""Hiding the events of somebody who is blocked, in the same step; and what an organizer's page says of their events."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from accounts.blocking import Extra
from accounts.callers import Caller
from accounts.models import User
from config.errors import NotFound, PreconditionFailed, Refusal
from config.panels import Figure, Panel, bounded
from config.permissions import has_permission
from events.models import Event, Report
from events.moderation.reasons import MAX_TEXT, DecisionReason
from events.moderation.services import Seen, hide_event
from journal.decisions import DECISIONS
from journal.models import Entry

AT_ONCE, ATTEMPTS = 500, 3
MOST = 10_000
NEWEST = 200  # events of an organizer whose decisions are counted


def hide_events_of(user: User, by: Caller, reason: str, now: datetime) -> str:
    """Hide what a blocked organizer has on the public list, each with its own journal entry; return what was done."""
    listed = Event.objects.listed().filter(organizer=user.pk).order_by("-starts_at")
    ids = list(listed.values_list("pk", flat=True)[: AT_ONCE + 1])
    failed = [event_id for event_id in ids[:AT_ONCE] if not hide_one(event_id, by=by, reason=reason, now=now)]
    said = f"{len(ids[:AT_ONCE]) - len(failed)} events are hidden."
    rest = " There are more: block once more to hide the next." if len(ids) > AT_ONCE else ""
    return said + (f" Not hidden: {', '.join(failed)}." if failed else "") + rest


def hide_one(event_id: str, *, by: Caller, reason: str, now: datetime) -> bool:
    """Hide an event as it is now; again when it changed in between. Return whether that worked."""
    text = f"The organizer's account is blocked: {reason}"[:MAX_TEXT]
    for _ in range(ATTEMPTS):
        try:
            event = read(event_id)
            seen = Seen(version=event.version, reports=event.reports)
            hide_event(event_id=event_id, by=by, now=now, seen=seen, reason=DecisionReason.OTHER, text=text)
        except PreconditionFailed:
            continue
        except Refusal:
            return False
        return True
    return False


def read(event_id: str) -> Event:
    event: Event | None = Event.objects.filter(pk=event_id).first()
    if event is None:
        raise NotFound
    return event


HIDE = Extra(
    name="hide_events",
    label="Hide their events too",
    help_text="Off the public list and off sale at once; tickets stay valid.",
    permission="events.moderate_event",
    do=hide_events_of,
)


def events_panel(request: HttpRequest, user: User) -> Panel | None:
    """Say how many events an organizer has, how many are hidden, and what was decided about the newest of them."""
    if user.role != User.Role.ORGANIZER or not has_permission(request, "events.view_event"):
        return None
    own = Event.objects.in_every_state().filter(organizer=user.pk)
    link = f"/admin/events/event/?q={user.pk}"
    newest = list(own.order_by("-starts_at").values_list("pk", "reports")[:NEWEST])
    decided = Entry.objects.filter(subject__in=[pk for pk, _ in newest], type__in=DECISIONS)[:MOST].count()
    return Panel(
        "Events",
        [
            Figure("Events", bounded(own[:MOST].count(), MOST), link),
            Figure("Hidden", bounded(own.filter(hidden=True)[:MOST].count(), MOST), f"{link}&hidden__exact=1"),
            Figure("Reported by customers", f"{sum(reports or 0 for _, reports in newest):,}", link, "times"),
            Figure("Decisions about them", bounded(decided, MOST), link, "on the events' History"),
        ],
    )


def reports_panel(request: HttpRequest, user: User) -> Panel | None:
    """Say how many events a customer reported."""
    made = Report.objects.filter(customer=user.pk)[:MOST].count()
    if not made or not has_permission(request, "events.view_report"):
        return None
    return Panel("Reports", [Figure("Events reported", bounded(made, MOST))])


PANELS: tuple[Callable[[HttpRequest, Any], Panel | None], ...] = (events_panel, reports_panel)
