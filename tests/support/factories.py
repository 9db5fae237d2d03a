"""Users, events and bookings for tests, made by the services of the application."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from bookings.checkout.post_commit_worker import post_commit_worker
from bookings.services import book_seats
from config.core.clock import now
from events import lifecycle
from events.models import Event

PASSWORD = "Sturdy-pass-917"
NEXT_YEAR = datetime(now().year + 1, 5, 1, 18, 0, tzinfo=UTC)


def make_user(name: str, *, role: str, email: str = "", **fields: Any) -> User:
    """Return a stored user, without a password: most tests sign in by token."""
    address = email or f"{name.split(maxsplit=1)[0].lower()}.{name.rsplit(maxsplit=1)[-1].lower()}@example.com"
    return User.objects.create_user(address, None, name=name, role=role, **fields)


def make_customers(count: int) -> list[User]:
    return [make_user(f"Guest {number}", role="CUSTOMER") for number in range(count)]


def make_event(organizer: User, **fields: Any) -> Event:
    defaults: dict[str, Any] = {
        "title": "Jazz Night",
        "starts_at": NEXT_YEAR,
        "city": "Pune",
        "price": Decimal("25.00"),
        "total_seats": 10,
    }
    created = lifecycle.create_event(by=organizer.as_actor(), now=now(), **{**defaults, **fields})
    return reload(created)


def make_published_event(organizer: User, **fields: Any) -> Event:
    draft = make_event(organizer, **fields)
    return lifecycle.publish_event(event_id=draft.id, by=organizer.as_actor(), now=now())


def make_booking(event: Event, customer: User, qty: int = 1, **options: Any) -> dict[str, Any]:
    """Return the response to a booking, after its journal entry is written."""
    answer = book_seats(event_id=event.id, customer=customer.as_actor(), qty=qty, now=now(), **options).representation
    post_commit_worker.finish()
    return answer


def make_past_event(organizer: User, **fields: Any) -> Event:
    """Return a published event that began an hour ago."""
    event = make_published_event(organizer, **fields)
    Event.objects.filter(pk=event.pk).update(starts_at=now() - timedelta(hours=1))
    return reload(event)


def reload(event: Event) -> Event:
    return Event.objects.with_organizer().get(pk=event.pk)
