"""Concurrent changes of one event: none is lost, seats and money add up."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import User
from config.core.clock import now
from config.core.errors import Unavailable
from events import versioned_change
from events.journal_entries import event_updated
from events.models import Event
from journal.models import Entry
from tests.conftest import client_of
from tests.support import factories
from tests.support.bad_input import is_problem
from tests.support.seat_ledger import assert_seats_add_up
from tests.support.threads import at_once

URL = "/api/events"


@pytest.mark.parametrize(
    ("transition", "which", "entry"), [("publish", "draft", "event.published"), ("cancel", "event", "event.cancelled")]
)
def test_of_six_transitions_at_once_one_succeeds(
    transition: str, which: str, entry: str, organizer: User, request: pytest.FixtureRequest
):
    url = f"{URL}/{request.getfixturevalue(which).id}/{transition}"

    answers = at_once([lambda: client_of(organizer).post(url)] * 6)

    refused = [answer for answer in answers if answer.status_code != 200]
    assert len(refused) == 5
    assert all(is_problem(answer, 409, "invalid_transition") for answer in refused)
    assert Entry.objects.filter(type=entry).count() == 1


def test_publishing_and_cancelling_at_once_ends_cancelled(draft: Event, organizer: User):
    calls = [lambda path=path: client_of(organizer).post(f"{URL}/{draft.id}/{path}") for path in ("publish", "cancel")]

    published, cancelled = at_once(calls)

    assert cancelled.status_code == 200
    assert factories.reload(draft).status == Event.Status.CANCELLED
    assert Entry.objects.filter(type="event.published").count() == (published.status_code == 200)


def test_of_four_edits_with_if_match_one_succeeds(event: Event, organizer: User):
    etag = client_of(organizer).get(f"{URL}/{event.id}")["ETag"]

    def edit(title: str) -> int:
        client = client_of(organizer)
        return client.patch(f"{URL}/{event.id}", {"title": title}, headers={"If-Match": etag}).status_code

    statuses = at_once([lambda title=title: edit(title) for title in "ABCD"])

    assert sorted(statuses) == [200, 412, 412, 412]
    assert Entry.objects.filter(type="event.updated").count() == 1


def test_edits_without_if_match_all_take_effect(event: Event, organizer: User):
    changes = [{"title": "Blues Night"}, {"city": "Mumbai"}, {"venue": "Harbour Stage"}, {"totalSeats": 12}]

    answers = at_once([lambda one=one: client_of(organizer).patch(f"{URL}/{event.id}", one) for one in changes])

    after = factories.reload(event)
    assert [answer.status_code for answer in answers] == [200] * 4
    assert (after.title, after.city, after.venue, after.total_seats) == ("Blues Night", "Mumbai", "Harbour Stage", 12)
    assert Entry.objects.filter(type="event.updated").count() == 4


def test_seats_change_while_they_are_booked(event: Event, customer: User, as_organizer):
    with ThreadPoolExecutor(9) as threads:
        booked = threads.map(lambda _: factories.make_booking(event, customer), range(8))
        for seats in (30, 25, 40, 20):
            assert as_organizer.patch(f"{URL}/{event.id}", {"totalSeats": seats}).status_code == 200
        list(booked)

    assert_seats_add_up(event, sold=8)
    assert factories.reload(event).total_seats == 20


def test_seats_never_shrink_below_those_that_are_being_sold(event: Event, customer: User, organizer: User):
    def book() -> int:
        return client_of(customer).post("/api/bookings", {"eventId": event.id, "qty": 1}).status_code

    def shrink() -> int:
        return client_of(organizer).patch(f"{URL}/{event.id}", {"totalSeats": 3}).status_code

    statuses = at_once([book, book, shrink, book, book, shrink, book, book])

    assert set(statuses) <= {200, 201, 409}
    assert_seats_add_up(event, sold=statuses.count(201))
    assert factories.reload(event).total_seats == (3 if 200 in statuses else 10)


def test_each_booking_pays_a_price_that_was_valid(event: Event, customer: User, as_organizer):
    prices = ["25.00", "30.00", "35.00", "40.00"]

    with ThreadPoolExecutor(9) as threads:
        booked = threads.map(lambda _: factories.make_booking(event, customer)["amount"], range(8))
        for price in prices[1:]:
            as_organizer.patch(f"{URL}/{event.id}", {"price": price})
        amounts = list(booked)

    assert set(amounts) <= set(prices)
    assert factories.reload(event).revenue == sum(map(Decimal, amounts))
    assert_seats_add_up(event, sold=8)


def test_nothing_is_booked_after_a_cancellation(event: Event, customer: User, organizer: User):
    def book() -> int:
        return client_of(customer).post("/api/bookings", {"eventId": event.id, "qty": 1}).status_code

    statuses = at_once([book, book, book, lambda: client_of(organizer).post(f"{URL}/{event.id}/cancel").status_code])

    assert statuses.pop() == 200
    assert set(statuses) <= {201, 409}
    assert book() == 409
    assert_seats_add_up(event, sold=statuses.count(201))


def test_a_change_that_always_loses_gives_up_with_503(event: Event, organizer: User):
    """Another writer changes the event between each read and write."""

    def plan(found: Event) -> dict[str, Any]:
        Event.objects.filter(pk=found.pk).update(version=found.version + 1)
        return {"title": "Never"}

    with pytest.raises(Unavailable):
        versioned_change.change_event(
            event_id=event.id, by=organizer.as_actor(), now=now(), plan=plan, build_entry=event_updated
        )

    assert factories.reload(event).title == "Jazz Night"
    assert Entry.objects.filter(type="event.updated").count() == 0
