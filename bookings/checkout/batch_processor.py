"""Processing a batch of requests for one event: one claim, one insert.

If the requests do not fit together, they are served first come, first served: each that fits into what is left is
booked. A request is refused only after a read of the event that shows fewer seats than it wants.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

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
Requests = Sequence[BookingRequest]

log = structlog.get_logger(__name__)


def process_batch(event_id: str, requests: Requests, *, committed: list[CommittedClaim]) -> None:
    """Decide every request, and add the claims whose bookings were inserted to ``committed``.

    Each attempt books, refuses, or loses its seats to another process; after ATTEMPTS the rest is refused.
    """
    now = max(request.now for request in requests)
    open_requests = refuse_repeats(requests)
    snapshot: EventSnapshot | None = None
    for _ in range(ATTEMPTS):
        if not open_requests:
            return
        snapshot = attempt(event_id, open_requests, snapshot, committed=committed, now=now)
        open_requests = undecided(open_requests)
    for request in open_requests:
        request.refuse(Unavailable())


def attempt(
    event_id: str, requests: Requests, last: EventSnapshot | None, *, committed: list[CommittedClaim], now: datetime
) -> EventSnapshot | None:
    """Book what fits, refuse what cannot be booked; return the event as it is afterwards, None if it is unknown.

    ``last`` is the event after the attempt before; without it the seats are unknown and all requests are tried.
    """
    snapshot = book_fitting(event_id, requests, last, committed=committed, now=now) or ledger.read_snapshot(event_id)
    refuse_unfillable(undecided(requests), snapshot, now=now)
    if snapshot:
        known_prices.put(event_id, snapshot.price)
    return snapshot


def book_fitting(
    event_id: str, requests: Requests, last: EventSnapshot | None, *, committed: list[CommittedClaim], now: datetime
) -> EventSnapshot | None:
    """Book the requests that fit; return the event after the claim, None if no seats could be claimed."""
    price = last.price if last else known_prices.get(event_id)
    chosen = choose_fitting(requests, last.available_seats if last else None)
    if price is None or not chosen:
        return None
    claim = ledger.new_claim(
        event_id=event_id, price=price, items=[ClaimItem(request.booking_id, request.qty) for request in chosen]
    )
    snapshot = ledger.claim_seats(claim, now=now)
    if snapshot and (inserted := insert_batch(claim, chosen, snapshot, now=now)):
        committed.append(inserted)
    return snapshot


def undecided(requests: Iterable[BookingRequest]) -> list[BookingRequest]:
    return [request for request in requests if not request.is_decided]


def refuse_repeats(requests: Requests) -> list[BookingRequest]:
    """Keep one request for each idempotency key; refuse the others, which then get the booking of the first."""
    keys: set[tuple[str, str]] = set()
    unique = []
    for request in requests:
        key = (request.customer.id, request.idempotency_key or request.booking_id)
        if key in keys:
            request.refuse(IdempotencyKeyUsed())
        else:
            unique.append(request)
        keys.add(key)
    return unique


def choose_fitting(requests: Requests, available: int | None) -> list[BookingRequest]:
    """Return the requests that fit together, first come, first served; all of them while ``available`` is unknown."""
    if available is None:
        return list(requests)
    chosen = []
    for request in requests:
        if request.qty <= available:
            chosen.append(request)
            available -= request.qty
    return chosen


def refuse_unfillable(requests: Requests, snapshot: EventSnapshot | None, *, now: datetime) -> None:
    for request in requests:
        if reason := reason_against(request.qty, snapshot, now=now):
            request.refuse(reason)


def reason_against(qty: int, snapshot: EventSnapshot | None, *, now: datetime) -> Refusal | None:
    if reason := closed_reason(snapshot, now=now):
        return reason
    return SoldOut(snapshot.available_seats) if snapshot and snapshot.available_seats < qty else None


def insert_batch(claim: Claim, requests: Requests, snapshot: EventSnapshot, *, now: datetime) -> CommittedClaim | None:
    """Insert the bookings of a claim and decide its requests; return what the post-commit worker has to finish.

    If any booking could not be inserted, the claim is settled here, and nothing is left to finish.
    """
    documents = [booking_document(request, snapshot) for request in requests]
    entries = created_entries(requests, documents, snapshot)
    post_commit_worker.prepare(entries)
    try:
        refused = ledger.insert_bookings(documents)
    except Exception:
        # What was written is unknown. Recovery finds out and gives back the rest; if it fails too, it runs again later.
        recovery.end_claim(claim, now=now)
        raise
    for request, document in zip(requests, documents, strict=True):
        if code := refused.get(request.booking_id):
            request.refuse(IdempotencyKeyUsed() if code == DUPLICATE_KEY else Unavailable())
        else:
            request.representation = representations.represent_new_booking(document, snapshot, request.customer)
    if refused:
        inserted = [entry for entry in entries if entry["subject"] not in refused]
        settle_refused(claim, refused, inserted, now=now)
        return None
    return CommittedClaim(claim=claim, entries=entries)


def created_entries(
    requests: Requests, documents: Sequence[BookingDocument], snapshot: EventSnapshot
) -> list[EntryDocument]:
    """Return the bookings' journal entries; each says how many seats were available after it."""
    available = snapshot.available_seats + sum(request.qty for request in requests)
    entries = []
    for request, document in zip(requests, documents, strict=True):
        available -= request.qty
        entry = booking_created(
            document, snapshot, name=request.customer.name, available_seats=available, request_id=request.request_id
        )
        entries.append(entry)
    return entries


def settle_refused(claim: Claim, refused: Iterable[str], entries: list[EntryDocument], *, now: datetime) -> None:
    """Give back the seats of refused bookings. If this fails, recovery finds the claim; the other bookings stay valid.

    Their journal entries are written first: only by the claim can recovery find bookings without an entry.
    """
    try:
        deliver_and_append(entries)
        recovery.settle_claim(claim, missing=refused, now=now)
    except (Unavailable, PyMongoError, DatabaseError) as error:
        log.warning("claim_left_to_recovery", claim=claim.id, event_id=claim.event_id, error=str(error)[:200])


def booking_document(request: BookingRequest, snapshot: EventSnapshot) -> BookingDocument:
    """Return the booking as it is stored; with an idempotency key also what a repeated request is answered with."""
    document = ledger.new_booking(
        booking_id=request.booking_id,
        customer_id=request.customer.id,
        qty=request.qty,
        snapshot=snapshot,
        now=request.now,
    )
    if request.idempotency_key is not None:
        representation = representations.represent_new_booking(document, snapshot, request.customer)
        document["idempotency_key"] = request.idempotency_key
        document["idempotency"] = {"body": request.body_digest, "answer": representation}
    return document
