"""Hiding an event, and restoring it."""

from typing import Any

import pytest

from accounts.models import User
from bookings.waitlist.joining import join_waitlist
from config.core.clock import now
from config.core.errors import Invalid
from events.models import Event
from events.moderation import decisions
from tests.conftest import client_of
from tests.support import factories
from tests.support.bad_input import is_problem
from tests.support.moderation import SENTENCE, decide, hide
from tests.support.seat_ledger import assert_seats_add_up


def listed(client: Any) -> list[str]:
    return [event["id"] for event in client.get("/api/events").json()["results"]]


def test_a_hidden_event_leaves_the_public_list_at_once(event: Event, staff: User, anonymous):
    assert listed(anonymous) == [event.id]

    hide(event, staff)

    assert listed(anonymous) == []
    assert is_problem(anonymous.get(f"/api/events/{event.id}"), 404)


def test_a_hidden_event_cannot_be_booked(hidden: Event, as_customer):
    assert is_problem(as_customer.post("/api/bookings", {"eventId": hidden.id, "qty": 1}), 404)
    assert is_problem(as_customer.post("/api/waitlist", {"eventId": hidden.id, "qty": 1}), 404)


def test_tickets_of_a_hidden_event_stay_valid(event: Event, staff: User, customer: User, as_customer):
    booking = factories.make_booking(event, customer, qty=2)

    hide(event, staff)

    assert as_customer.get(f"/api/bookings/{booking['id']}").json()["status"] == "CONFIRMED"
    assert_seats_add_up(event, sold=2)


def test_the_owner_of_a_hidden_event_reads_the_reason(event: Event, staff: User, as_organizer):
    hide(event, staff)

    body = as_organizer.get(f"/api/events/{event.id}").json()
    assert (body["hidden"], body["hiddenReason"]) == (True, SENTENCE)


def test_with_reason_other_the_text_is_the_public_reason(event: Event, staff: User):
    assert (
        hide(event, staff, reason="OTHER", text="The hall has no licence.").hidden_reason == "The hall has no licence."
    )


@pytest.mark.parametrize(
    ("words", "field"),
    [({"reason": ""}, "reason"), ({"reason": "x"}, "reason"), ({"reason": "OTHER", "text": ""}, "text"),
     ({"reason": "FRAUD", "text": "x" * 401}, "text")],
)  # fmt: skip
@pytest.mark.parametrize("name", ["hide", "cancel"])
def test_hiding_or_cancelling_without_a_valid_reason_is_refused(
    event: Event, staff: User, name: str, words: dict[str, str], field: str
):
    with pytest.raises(Invalid) as refused:
        decide(name, event, staff, **words)

    assert refused.value.errors[0]["field"] == field
    assert factories.reload(event).version == event.version


def test_hiding_twice_is_refused(hidden: Event, staff: User):
    with pytest.raises(decisions.AlreadyHidden):
        hide(hidden, staff)


def test_an_appealed_event_can_be_kept_hidden(hidden: Event, staff: User, as_organizer):
    as_organizer.post(f"/api/events/{hidden.id}/appeal", {"text": "There is."})

    after = hide(hidden, staff, reason="FRAUD", text="")

    assert (after.hidden, after.hidden_reason, after.queue, after.appeal) == (True, "Suspected fraud", [], "")


def test_a_restored_event_is_listed_and_bookable_again(hidden: Event, staff: User, anonymous, as_customer):
    assert listed(anonymous) == []

    decide("restore", hidden, staff)

    assert listed(anonymous) == [hidden.id]
    assert as_customer.post("/api/bookings", {"eventId": hidden.id, "qty": 1}).status_code == 201
    after = factories.reload(hidden)
    assert (after.hidden_reason, after.approved["title"], after.queue) == ("", "Jazz Night", [])


def test_restoring_offers_free_seats_to_the_waitlist_first(
    organizer: User, staff: User, customer: User, other_customer: User
):
    event = factories.make_published_event(organizer, total_seats=2)
    booking = factories.make_booking(event, customer, qty=2)
    join_waitlist(event_id=event.id, customer=other_customer.as_actor(), qty=1, now=now())
    hide(event, staff)
    client_of(customer).delete(f"/api/bookings/{booking['id']}")

    decide("restore", event, staff)

    after = factories.reload(event)
    assert (after.held_seats, after.available_seats) == (1, 1)


def test_restoring_an_event_that_is_not_hidden_is_refused(event: Event, staff: User):
    with pytest.raises(decisions.NotHidden):
        decide("restore", event, staff)
