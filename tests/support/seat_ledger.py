"""Assertions about the seat ledger."""

from datetime import timedelta

from django.conf import settings

from bookings.checkout.post_commit_worker import post_commit_worker
from bookings.models import Booking
from bookings.seats import consistency
from config.core.clock import now
from events.models import Event
from tests.support import factories


def findings() -> list[str]:
    """Return the findings of check_seats, after the post-commit worker of this process has finished."""
    post_commit_worker.finish()
    return [str(finding) for found in consistency.check_events(now=now()) for finding in found]


def assert_seats_add_up(event: Event, *, sold: int | None = None) -> None:
    """There are no findings; with ``sold``, exactly that many seats are sold and the others available."""
    assert findings() == []
    if sold is not None:
        after = factories.reload(event)
        assert (after.tickets_sold, after.available_seats) == (sold, after.total_seats - sold)


def claims_of(event: Event) -> dict[str, object]:
    document = Event.documents.find_one({"_id": event.pk}, {"claims": 1}) or {}
    return dict(document.get("claims", {}))


def after_the_horizon():
    """Return a moment from which every claim made until now is stale."""
    return now() + settings.CLAIM_HORIZON + timedelta(seconds=1)


def confirmed_ids() -> set[str]:
    return set(Booking.objects.confirmed().values_list("pk", flat=True))
