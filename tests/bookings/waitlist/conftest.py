"""An event that is sold out."""

import pytest

from accounts.models import User
from events.models import Event
from tests.support import factories


@pytest.fixture
def full(organizer: User, buyer: User) -> Event:
    """Four seats, all of them sold to the buyer."""
    event = factories.make_published_event(organizer, total_seats=4)
    factories.make_booking(event, buyer, qty=4)
    return factories.reload(event)


@pytest.fixture
def buyer() -> User:
    return factories.make_user("Bea Buyer", role="CUSTOMER")
