"""Featuring an event, and internal notes: decisions that leave the queue as it is."""

import pytest

from accounts.models import User
from events.models import Event
from events.moderation import decisions
from tests.support import factories
from tests.support.moderation import decide, queue_of


def test_featuring_and_unfeaturing_leave_the_queue_as_it_is(event: Event, staff: User):
    assert decide("feature", event, staff).featured is True
    with pytest.raises(decisions.AlreadyFeatured):
        decide("feature", event, staff)
    assert decide("unfeature", event, staff).featured is False
    with pytest.raises(decisions.NotFeatured):
        decide("unfeature", event, staff)
    assert queue_of(event) == ["new"]


def test_a_featured_event_is_found_by_the_featured_filter(event: Event, organizer: User, staff: User, anonymous):
    factories.make_published_event(organizer)
    before = anonymous.get("/api/events?featured=true").json()["count"]

    decide("feature", event, staff)

    found = anonymous.get("/api/events?featured=true").json()["results"]
    assert (before, [(one["id"], one["featured"]) for one in found]) == (0, [(event.id, True)])
    assert anonymous.get("/api/events?featured=false").json()["count"] == 2


def test_featuring_an_event_off_the_public_list_is_refused(hidden: Event, draft: Event, staff: User):
    for event in (hidden, draft):
        with pytest.raises(decisions.NotListed):
            decide("feature", event, staff)


def test_notes_are_kept_in_order_and_hidden_from_the_organizer(event: Event, staff: User, as_organizer):
    decide("note", event, staff, text="Asked the venue.")
    after = decide("note", event, staff, text="They know of it.")

    assert [(note["by"], note["text"]) for note in after.notes_to_self] == [
        (staff.id, "Asked the venue."),
        (staff.id, "They know of it."),
    ]
    assert "Asked the venue" not in as_organizer.get(f"/api/events/{event.id}").content.decode()
    assert queue_of(event) == ["new"]
