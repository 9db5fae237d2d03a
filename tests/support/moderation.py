"""Reports and decisions as customers and moderators make them."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from accounts.models import User
from config.core.clock import now
from events.models import Event, Report
from events.moderation import decisions, reports
from events.moderation.decisions import ReviewedVersion
from tests.support import factories

QUEUE = "/admin/moderation/"
WHY = {"reason": "MISLEADING", "text": "There is no such band."}
SENTENCE = "Misleading or false information: There is no such band."


def review(event: Event) -> ReviewedVersion:
    """Return what a moderator has reviewed who reads the event now."""
    return ReviewedVersion.of(factories.reload(event))


def decide(name: str, event: Event, by: User, *, reviewed: ReviewedVersion | None = None, **words: str) -> Event:
    """Decide about the event as it is now, or as it was reviewed earlier."""
    service: Callable[..., Event] = getattr(decisions, f"{name}_event")
    return service(event_id=event.pk, by=by.as_actor(), now=now(), reviewed=reviewed or review(event), **words)


def hide(event: Event, by: User, reason: str = WHY["reason"], text: str = WHY["text"]) -> Event:
    return decide("hide", event, by, reason=reason, text=text)


def report(event: Event, customer: User, reason: str = "FRAUD", text: str = "") -> Report:
    return reports.report_event(event_id=event.pk, customer=customer.as_actor(), reason=reason, text=text, now=now())


def queue_of(event: Event) -> list[str]:
    """Return the causes why the event is in the queue."""
    return factories.reload(event).queue


def post_decision(
    browser: Client, event: Event, action: str, *, reviewed: ReviewedVersion | None = None, **fields: str
) -> Any:
    """Post the form of the event's page, opened now or as it was reviewed earlier, and follow the redirect."""
    shown = reviewed or review(event)
    form = {"action": action, "version": shown.version, "reports": shown.reports, **fields}
    return browser.post(f"{QUEUE}{event.pk}/", form, follow=True)
