"""Moderators, and events as they look at them."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from accounts.models import User
from config.core.clock import now
from events.models import Event
from events.moderation import decisions, reports
from events.moderation.decisions import ReviewedVersion
from tests.admin.conftest import browser_of
from tests.support import factories

QUEUE = "/admin/moderation/"


@pytest.fixture(autouse=True)
def _no_rule_fires(settings) -> None:
    """Tests of rules switch on what they are about."""
    settings.MODERATION_RULES = []


def review(event: Event) -> ReviewedVersion:
    """Return what a moderator who looks now has in front of them."""
    found = factories.reload(event)
    return ReviewedVersion(version=found.version, reports=found.reports)


def decide(name: str, event: Event, by: User, **words: str) -> Event:
    """Decide on the event as it is now."""
    service: Callable[..., Event] = getattr(decisions, f"{name}_event")
    return service(event_id=event.pk, by=by.as_actor(), now=now(), reviewed=review(event), **words)


def hide(event: Event, by: User, reason: str = "MISLEADING", text: str = "There is no such band.") -> Event:
    return decide("hide", event, by, reason=reason, text=text)


def report(event: Event, customer: User, reason: str = "FRAUD", text: str = "") -> Any:
    return reports.report_event(event_id=event.pk, customer=customer.as_actor(), reason=reason, text=text, now=now())


def queue_of(event: Event) -> list[str]:
    return factories.reload(event).queue


def staff_with(name: str, *codenames: str) -> User:
    person = factories.make_user(name, role="STAFF", is_staff=True)
    group = Group.objects.create(name=name)
    group.permissions.set(Permission.objects.filter(codename__in=codenames))
    person.groups.add(group)
    return person


@pytest.fixture
def approved(event: Event, staff: User) -> Event:
    """Published, and looked at since."""
    return decide("approve", event, staff)


@pytest.fixture
def hidden(approved: Event, staff: User) -> Event:
    return hide(approved, staff)


@pytest.fixture
def moderator() -> Client:
    """A browser of a moderator who is no superuser."""
    return browser_of(staff_with("Mia Moderator", "view_event", "moderate_event"))


@pytest.fixture
def support() -> Client:
    """A browser of somebody who may look and no more."""
    return browser_of(staff_with("Sue Support", "view_event"))


@pytest.fixture
def post(moderator: Client) -> Callable[..., Any]:
    """Decide on an event's page as a moderator, on what it was when the page was opened."""
    return partial(post_decision, moderator)


def post_decision(browser: Client, event: Event, action: str, **fields: Any) -> Any:
    found = review(event)
    form = {"action": action, "version": found.version, "reports": found.reports, **fields}
    return browser.post(f"{QUEUE}{event.pk}/", form, follow=True)
