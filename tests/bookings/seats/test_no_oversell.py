"""Many processes and threads book one event: no seat is sold twice, and no seat is left that a request was refused."""

from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import pytest

from accounts.models import User
from bookings.seats.refusals import SoldOut
from bookings.services import book_seats
from config.core.clock import now
from tests.support import factories
from tests.support.processes import run_all
from tests.support.seat_ledger import assert_seats_add_up, confirmed_ids, findings


def test_64_threads_sell_exactly_100_seats(organizer: User, customer: User):
    event = factories.make_published_event(organizer, total_seats=100)

    def attempt(_: int) -> bool:
        try:
            book_seats(event_id=event.id, customer=customer.as_actor(), qty=1, now=now())
        except SoldOut:
            return False
        return True

    with ThreadPoolExecutor(64) as threads:
        outcomes = list(threads.map(attempt, range(150)))

    assert outcomes.count(True) == 100
    assert_seats_add_up(event, sold=100)


@pytest.mark.processes
def test_two_processes_sell_exactly_500_seats(organizer: User):
    event = factories.make_published_event(organizer, total_seats=500)

    outcomes = list(chain.from_iterable(run_all(*[("book", event.id, 32, 400)] * 2)))

    assert len([one for one in outcomes if "id" in one]) == 500
    assert {one["id"] for one in outcomes if "id" in one} == confirmed_ids()
    assert_seats_add_up(event, sold=500)


@pytest.mark.processes
def test_no_refused_request_would_fit_into_what_is_left(organizer: User):
    event = factories.make_published_event(organizer, total_seats=997)

    outcomes = list(chain.from_iterable(run_all(*[("book", event.id, 16, 200, 5)] * 3)))

    refused = [one for one in outcomes if "id" not in one]
    left = factories.reload(event).available_seats
    assert [one for one in refused if one["available"] >= one["qty"]] == []
    assert [one for one in refused if one["qty"] <= left] == []
    assert sum(one["qty"] for one in outcomes if "id" in one) == 997 - left
    assert_seats_add_up(event, sold=997 - left)


@pytest.mark.processes
def test_without_the_condition_in_the_claim_seats_are_oversold(organizer: User):
    """The negative control: what the tests above guard against does happen when the guard is off."""
    event = factories.make_published_event(organizer, total_seats=50)

    run_all(*[("book_unguarded", event.id, 16, 60)] * 2)

    oversold = len(confirmed_ids()) - 50
    assert oversold > 0
    assert findings() == [f"{event.id}: available >= 0: expected 0, found {-oversold}"]
