"""Reads of the queue; each is served by an index (tests/events/moderation/test_queue_indexes.py)."""

from typing import TypedDict

from config.admin.panels import bounded
from events.models import Event, Report
from events.moderation.reasons import Cause

LARGEST_COUNT = 10_000
REPORTS_SHOWN = 50


class Tab(TypedDict):
    """A filter of the queue page, with the number of events behind it."""

    cause: str
    label: str
    count: str
    chosen: bool


def count_queue(cause: str = "") -> int:
    """Count the queued events, to ten thousand at most."""
    return Event.objects.queued(cause)[:LARGEST_COUNT].count()


def queue_tabs(chosen: str) -> list[Tab]:
    names = [("", "Everything"), *((cause.value, cause.label) for cause in Cause)]
    return [
        {
            "cause": cause,
            "label": str(label),
            "count": bounded(count_queue(cause), LARGEST_COUNT),
            "chosen": cause == chosen,
        }
        for cause, label in names
    ]


def find_next(event: Event | None, cause: str) -> Event | None:
    """Return the event after this one in the queue; the first of the queue if there is none or it is not queued."""
    queued = Event.objects.queued(cause).oldest_first()
    if event is None or event.queued_at is None:
        return next(iter(queued[:1]), None)
    same_moment = queued.filter(queued_at=event.queued_at, pk__gt=event.pk)[:1]
    return next(iter(same_moment), None) or next(iter(queued.filter(queued_at__gt=event.queued_at)[:1]), None)


def newest_reports(event: Event) -> list[Report]:
    reports = Report.objects.filter(event=event.pk).order_by("-created_at", "-id")
    return list(reports.select_related("customer")[:REPORTS_SHOWN])
