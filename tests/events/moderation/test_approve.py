"""Approving an event."""

import pytest

from accounts.models import User
from events.models import Event
from events.moderation import decisions
from tests.support import factories
from tests.support.moderation import decide


def test_approving_stores_the_fields_and_empties_the_queue(event: Event, staff: User):
    after = decide("approve", event, staff)

    assert (after.queue, after.queued_at, after.approved_by) == ([], None, staff.id)
    assert (after.approved["title"], after.approved["price"], after.approved["total_seats"]) == (
        "Jazz Night",
        "25.00",
        10,
    )
    assert after.approved_at is not None


def test_text_like_mongodb_expressions_is_stored_as_text(organizer: User, staff: User):
    event = factories.make_published_event(organizer, title="$title", description="$$ROOT", tags=["$a", "b.c"])

    after = decide("approve", event, staff)

    assert (after.approved["title"], after.approved["description"], after.approved["tags"]) == (
        "$title", "$$ROOT", ["$a", "b.c"],
    )  # fmt: skip


def test_approving_twice_is_refused(approved: Event, staff: User):
    with pytest.raises(decisions.AlreadyApproved):
        decide("approve", approved, staff)


def test_approving_a_hidden_event_is_refused(hidden: Event, staff: User):
    with pytest.raises(decisions.StillHidden):
        decide("approve", hidden, staff)
