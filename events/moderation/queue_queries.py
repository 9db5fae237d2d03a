"""Reads of the queue; each is served by an index (tests/events/moderation/test_queue_indexes.py)."""

from typing import Any

from config.admin.panels import bounded
from events.models import Event, Report
from events.moderation.reasons import Cause

COUNTED = 10_000
REPORTS_SHOWN = 50


def count_queue(cause: str = "") -> int:
    """Count what waits, to ten thousand at most."""
    return int(Event.objects.queued(cause)[:COUNTED].count())


def tabs(chosen: str) -> list[dict[str, Any]]:
    """Return the filters with their counts."""
    names = [("", "Everything"), *((cause.value, cause.label) for cause in Cause)]
    return [
        {"cause": cause, "label": label, "count": bounded(count_queue(cause), COUNTED), "chosen": cause == chosen}
        for cause, label in names
    ]


def find_next(event: Event | None, cause: str) -> Event | None:
    """Return what comes after an event in the queue; the first of all where none is given or it does not wait."""
    waiting = Event.objects.queued(cause).oldest_first()
    if event is None or event.queued_at is None:
        return next(iter(waiting[:1]), None)
    at_once = waiting.filter(queued_at=event.queued_at, pk__gt=event.pk)[:1]
    return next(iter(at_once), None) or next(iter(waiting.filter(queued_at__gt=event.queued_at)[:1]), None)


def reports_of(event: Event) -> list[Report]:
    newest = Report.objects.filter(event=event.pk).order_by("-created_at", "-id")
    return list(newest.select_related("customer")[:REPORTS_SHOWN])
