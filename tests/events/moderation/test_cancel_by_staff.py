"""Cancelling an event as a moderator, and the preview before."""

from accounts.models import User
from events.models import Event
from events.moderation.cancellation_preview import preview_cancellation
from tests.support import factories
from tests.support.bad_input import is_problem
from tests.support.moderation import SENTENCE, WHY, decide


def test_an_event_that_staff_cancelled_has_their_reason(event: Event, staff: User, as_customer):
    after = decide("cancel", event, staff, **WHY)

    assert (after.status, after.cancel_reason, after.queue) == ("CANCELLED", SENTENCE, [])
    assert is_problem(as_customer.post("/api/bookings", {"eventId": event.id, "qty": 1}), 409, "event_cancelled")


def test_the_preview_counts_bookings_customers_seats_and_money(event: Event, customer: User, other_customer: User):
    factories.make_booking(event, customer, qty=2)
    factories.make_booking(event, customer, qty=3)
    factories.make_booking(event, other_customer, qty=5)

    preview = preview_cancellation(factories.reload(event))

    assert {**preview, "money": str(preview["money"])} == {
        "bookings": 3, "customers": 2, "seats": 10, "money": "250.00", "waiting": 0,
    }  # fmt: skip


def test_the_preview_of_an_event_without_bookings_is_zero(event: Event):
    assert set(preview_cancellation(event).values()) == {0}
