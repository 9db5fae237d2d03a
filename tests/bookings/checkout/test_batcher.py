"""The booking batcher: requests for one event are processed together, first come, first served."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from accounts.models import User
from bookings.checkout.batcher import BookingBatcher
from bookings.checkout.booking_request import BookingRequest
from bookings.checkout.post_commit_worker import post_commit_worker
from bookings.seats import ledger
from bookings.seats.refusals import EventCancelled, EventNotOnSale, SoldOut
from bookings.services import book_seats
from config.core.clock import now
from events import lifecycle
from events.models import Event
from journal.inline_delivery import inline_delivery
from tests.support import factories
from tests.support.mongodb_commands import database_commands
from tests.support.seat_ledger import assert_seats_add_up
from tests.support.waiting import eventually


class BlockedClaims:
    """Blocks claims, so that requests queue up; records the size of each claim."""

    def __init__(self) -> None:
        self.claims: list[int] = []
        self.entered, self.released = threading.Event(), threading.Event()
        self.real = ledger.claim_seats

    def claim_seats(self, claim: ledger.Claim, **options: Any) -> ledger.EventSnapshot | None:
        self.claims.append(len(claim.items))
        self.entered.set()
        assert self.released.wait(20)
        return self.real(claim, **options)


@pytest.fixture
def blocked(monkeypatch: pytest.MonkeyPatch) -> BlockedClaims:
    blocked = BlockedClaims()
    monkeypatch.setattr(ledger, "claim_seats", blocked.claim_seats)
    return blocked


def queue_up(blocked: BlockedClaims, event: Event, customer: User, quantities: list[int]) -> list[Future[Any]]:
    """Submit one request and, while its claim is blocked, the others, one after the other."""
    batcher, pool = BookingBatcher(), ThreadPoolExecutor(len(quantities))
    futures: list[Future[Any]] = []
    for position, qty in enumerate(quantities):
        futures.append(pool.submit(batcher.submit, BookingRequest(event.id, customer.as_actor(), qty, now())))
        if position == 0:
            assert blocked.entered.wait(20)
        else:
            eventually(lambda expected=position: len(batcher._queues[event.id]) == expected)
    blocked.released.set()
    pool.shutdown(wait=True)
    return futures


def outcome(future: Future[Any]) -> object:
    error = future.exception()
    return type(error) if error else future.result()["qty"]


def test_requests_that_wait_are_processed_as_one_claim(event: Event, customer: User, blocked: BlockedClaims):
    futures = queue_up(blocked, event, customer, [1, 1, 1, 1])

    assert [outcome(future) for future in futures] == [1, 1, 1, 1]
    assert blocked.claims == [1, 3]
    assert_seats_add_up(event, sold=4)


def test_if_not_all_fit_the_first_are_booked(event: Event, customer: User, blocked: BlockedClaims):
    futures = queue_up(blocked, event, customer, [5, 4, 3, 1])

    assert [outcome(future) for future in futures] == [5, 4, SoldOut, 1]
    assert_seats_add_up(event, sold=10)


def test_an_error_is_raised_for_every_request(
    event: Event, customer: User, monkeypatch: pytest.MonkeyPatch, blocked: BlockedClaims
):
    def fail(*_: Any, **__: Any) -> None:
        raise MemoryError

    blocked.real = fail
    futures = queue_up(blocked, event, customer, [1, 1, 1])

    assert [outcome(future) for future in futures] == [MemoryError] * 3


def test_after_an_error_the_next_request_is_processed(event: Event, customer: User, blocked: BlockedClaims):
    blocked.released.set()
    batcher, real = BookingBatcher(), blocked.real
    blocked.real = None  # type: ignore[assignment]  # calling it raises TypeError
    with pytest.raises(TypeError):
        batcher.submit(BookingRequest(event.id, customer.as_actor(), 1, now()))
    blocked.real = real

    assert batcher.submit(BookingRequest(event.id, customer.as_actor(), 1, now()))["qty"] == 1


def test_no_queue_is_left_after_the_last_request(event: Event, customer: User):
    batcher = BookingBatcher()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: batcher.submit(BookingRequest(event.id, customer.as_actor(), 1, now())), range(8)))

    assert batcher._queues == {}


@pytest.mark.parametrize(
    ("meanwhile", "refusal"),
    [
        (
            lambda event: lifecycle.cancel_event(event_id=event.id, by=event.organizer.as_actor(), now=now()),
            EventCancelled,
        ),
        (lambda event: Event.objects.filter(pk=event.pk).update(hidden=True), EventNotOnSale),
    ],
)
def test_changes_of_the_event_after_its_price_was_read_count(
    event: Event, customer: User, meanwhile: Callable[[Event], object], refusal: type, blocked: BlockedClaims
):
    blocked.released.set()
    book_seats(event_id=event.id, customer=customer.as_actor(), qty=1, now=now())

    meanwhile(event)

    with pytest.raises(refusal):
        book_seats(event_id=event.id, customer=customer.as_actor(), qty=1, now=now())


def test_a_lone_booking_costs_two_commands_before_its_answer(event: Event, customer: User):
    factories.make_booking(event, customer)

    with database_commands(thread=threading.get_ident()) as sent:
        BookingBatcher().submit(BookingRequest(event.id, customer.as_actor(), 1, now()))

    assert sent == ["findAndModify events_event", "insert bookings_booking"]


def test_a_lone_booking_costs_four_commands_in_the_background(event: Event, customer: User):
    factories.make_booking(event, customer)
    inline_delivery.forget()  # no socket was open for it

    with database_commands() as sent:
        BookingBatcher().submit(BookingRequest(event.id, customer.as_actor(), 1, now()))
        post_commit_worker.finish()

    sent.remove("aggregate realtime_notification")
    assert sent[2:] == ["insert realtime_notification", "insert journal_entry", "update events_event"]


def test_the_number_of_the_notification_is_read_during_the_insert(
    event: Event, customer: User, monkeypatch: pytest.MonkeyPatch
):
    factories.make_booking(event, customer)
    inline_delivery.forget()
    insert, lookup = ledger.insert_bookings, "aggregate realtime_notification"

    def insert_slowly(documents: Sequence[dict[str, Any]]) -> dict[str, int]:
        eventually(lambda: lookup in sent)
        return insert(documents)

    monkeypatch.setattr(ledger, "insert_bookings", insert_slowly)
    with database_commands() as sent:
        BookingBatcher().submit(BookingRequest(event.id, customer.as_actor(), 1, now()))
        post_commit_worker.finish()

    assert sent.count(lookup) == 1
