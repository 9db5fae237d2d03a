"""Serving a batch of orders for one event: as one claim, one insert, one settle.

If they do not fit together, first come, first served: each order that fits into what is left is served,
and one is refused only after a read of the event that shows fewer seats than it wants.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

import structlog
from django.db import DatabaseError
from pymongo.errors import PyMongoError

from bookings import representations
from bookings.checkout import recovery
from bookings.checkout.booking_request import BookingRequest, IdempotencyKeyUsed
from bookings.checkout.known_prices import known_prices
from bookings.checkout.post_commit_worker import CommittedClaim, post_commit_worker
from bookings.documents import BookingDocument
from bookings.journal_entries import booking_created
from bookings.seats import ledger
from bookings.seats.ledger import Claim, ClaimItem, EventSnapshot
from bookings.seats.refusals import SoldOut, closed_reason
from config.core.errors import Refusal, Unavailable
from config.mongo.duplicates import DUPLICATE_KEY
from journal.append import deliver_and_append
from journal.documents import EntryDocument

ATTEMPTS = 50

log = structlog.get_logger(__name__)


def process_batch(event_id: str, orders: Sequence[BookingRequest], *, sales: list[CommittedClaim]) -> None:
    """Decide every order and add what was sold to ``sales``.

    Ends because every round sells, refuses, or follows another process that sold; at most ATTEMPTS rounds.
    """
    waiting = refuse_repeats(orders)
    now = max(order.now for order in orders)
    seen: EventSnapshot | None = None
    for _ in range(ATTEMPTS):
        if not waiting:
            return
        price, room = known_price(event_id, seen), seen.available_seats if seen else None
        chosen = choose_fitting(waiting, room) if price is not None else []
        claim = ledger.new_claim(
            event_id=event_id, price=price or Decimal(0), shares=[ClaimItem(o.booking_id, o.qty) for o in chosen]
        )
        after = ledger.claim_seats(claim, now=now) if chosen else None
        if after:
            if sale := insert_batch(claim, chosen, after, now=now):
                sales.append(sale)
            waiting = [order for order in waiting if not order.is_decided]
        seen = after or ledger.read_snapshot(event_id)
        waiting = refuse_unfillable(waiting, seen, now=now)
        if seen:
            known_prices.put(event_id, seen.price)
    for order in waiting:
        order.refuse(Unavailable())


def known_price(event_id: str, seen: EventSnapshot | None) -> Decimal | None:
    return seen.price if seen else known_prices.get(event_id)


def refuse_repeats(orders: Sequence[BookingRequest]) -> list[BookingRequest]:
    """Let one order of each idempotency key through; its twins get its answer afterwards."""
    keys: set[tuple[str, str]] = set()
    unique = []
    for order in orders:
        key = (order.customer.id, order.idempotency_key or order.booking_id)
        if key in keys:
            order.refuse(IdempotencyKeyUsed())
        else:
            unique.append(order)
        keys.add(key)
    return unique


def choose_fitting(orders: Sequence[BookingRequest], room: int | None) -> list[BookingRequest]:
    """Return the orders that fit together, first come, first served; all of them while the room is unknown."""
    if room is None:
        return list(orders)
    chosen = []
    for order in orders:
        if order.qty <= room:
            chosen.append(order)
            room -= order.qty
    return chosen


def refuse_unfillable(
    orders: Sequence[BookingRequest], seen: EventSnapshot | None, *, now: datetime
) -> list[BookingRequest]:
    """Refuse what the event as just read rules out; return the rest."""
    for order in orders:
        if reason := reason_against(order.qty, seen, now=now):
            order.refuse(reason)
    return [order for order in orders if not order.is_decided]


def reason_against(qty: int, seen: EventSnapshot | None, *, now: datetime) -> Refusal | None:
    if reason := closed_reason(seen, now=now):
        return reason
    return SoldOut(seen.available_seats) if seen and seen.available_seats < qty else None


def insert_batch(
    claim: Claim, orders: Sequence[BookingRequest], facts: EventSnapshot, *, now: datetime
) -> CommittedClaim | None:
    """Insert the bookings of a claim and decide its orders; return what is left to do.

    A failed insert gives its seats back at once.
    """
    documents = [booking_document(order, facts) for order in orders]
    entries = created_entries(orders, documents, facts)
    post_commit_worker.expect(entries)
    try:
        refused = ledger.insert_bookings(documents)
    except Exception:
        # What was written is unknown. Recovery finds out and gives back; if the database is away, it does so later.
        recovery.end_claim(claim, now=now)
        raise
    for order, document in zip(orders, documents, strict=True):
        if code := refused.get(order.booking_id):
            order.refuse(IdempotencyKeyUsed() if code == DUPLICATE_KEY else Unavailable())
        else:
            order.answer = representations.represent_new_booking(document, facts, order.customer)
    if refused:
        stand = [entry for order, entry in zip(orders, entries, strict=True) if order.booking_id not in refused]
        settle_refused(claim, refused, stand, now=now)
        return None
    return CommittedClaim(claim=claim, entries=entries)


def created_entries(
    orders: Sequence[BookingRequest], documents: Sequence[BookingDocument], facts: EventSnapshot
) -> list[EntryDocument]:
    """Return the bookings' entries; each says how many seats it left."""
    left = facts.available_seats + sum(order.qty for order in orders)
    entries = []
    for order, document in zip(orders, documents, strict=True):
        left -= order.qty
        name = order.customer.name
        entries.append(booking_created(document, facts, name=name, left=left, request_id=order.request_id))
    return entries


def settle_refused(claim: Claim, refused: Iterable[str], entries: list[EntryDocument], *, now: datetime) -> None:
    """Return the seats of refused bookings. The others stand whatever happens here: then recovery finds the claim.

    Their journal entries go first, because it is the claim that tells of bookings without any.
    """
    try:
        deliver_and_append(entries)
        recovery.settle_claim(claim, missing=refused, now=now)
    except (Unavailable, PyMongoError, DatabaseError) as error:
        log.warning("claim_left_to_recovery", claim=claim.id, event_id=claim.event_id, error=str(error)[:200])


def booking_document(order: BookingRequest, facts: EventSnapshot) -> BookingDocument:
    """Return an order's booking as it is stored: under an idempotency key with the answer that the key gives again."""
    document = ledger.new_booking(
        booking_id=order.booking_id, customer_id=order.customer.id, qty=order.qty, facts=facts, now=order.now
    )
    if order.idempotency_key is not None:
        answer = representations.represent_new_booking(document, facts, order.customer)
        document["idempotency_key"] = order.idempotency_key
        document["idempotency"] = {"body": order.body_digest, "answer": answer}
    return document
