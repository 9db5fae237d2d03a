"""Moderators, and events that they decided about."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from events.models import Event
from tests.support import factories
from tests.support.admin_client import browser_of, staff_with
from tests.support.moderation import decide, hide, post_decision


@pytest.fixture(autouse=True)
def _no_rule_flags(settings) -> None:
    """Tests of flagging rules switch on those that they need."""
    settings.MODERATION_RULES = []


@pytest.fixture
def approved(event: Event, staff: User) -> Event:
    """Published, and approved as it is."""
    return decide("approve", event, staff)


@pytest.fixture
def hidden(approved: Event, staff: User) -> Event:
    return hide(approved, staff)


@pytest.fixture
def three(organizer: User) -> list[Event]:
    """Three events in the queue, oldest first."""
    return [factories.make_published_event(organizer, title=f"Number {number}") for number in (1, 2, 3)]


@pytest.fixture
def moderator() -> Client:
    """A browser of a moderator who is no superuser."""
    return browser_of(staff_with("Mia Moderator", "view_event", "moderate_event"))


@pytest.fixture
def support() -> Client:
    """A browser of a staff member who can view events and decides nothing."""
    return browser_of(staff_with("Sue Support", "view_event"))


@pytest.fixture
def post(moderator: Client) -> Callable[..., Any]:
    """Post a decision about an event as a moderator."""
    return partial(post_decision, moderator)
