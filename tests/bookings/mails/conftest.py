"""The outbox, and an event in another time zone."""

from datetime import UTC, datetime

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from accounts.models import User
from events.models import Event
from tests.support import factories


@pytest.fixture(autouse=True)
def outbox(settings) -> list[EmailMultiAlternatives]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return mail.outbox


@pytest.fixture
def berlin(organizer: User) -> Event:
    """Eight in the evening on the clocks of Berlin."""
    at = datetime(factories.NEXT_YEAR.year, 7, 1, 18, 0, tzinfo=UTC)
    return factories.make_published_event(
        organizer, starts_at=at, timezone="Europe/Berlin", city="Berlin", venue="Old Town Hall"
    )
