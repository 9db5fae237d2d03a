"""Recovery ends claims whose process died: afterwards each booking of the claim exists, or never will."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bson.decimal128 import Decimal128
from django.conf import settings

from accounts.models import User
from bookings.documents import BookingDocument
from bookings.journal_entries import booking_created
from bookings.models import Booking
from bookings.seats import ledger
from bookings.seats.ledger import Claim
from bookings.seats.locked_event import LockedEvent
from bookings.seats.transactions import in_event_transaction
from config.core.errors import log_and_continue
from config.mongo.collections import Stage, aggregate
from config.mongo.duplicates import insert_ignoring_duplicates
from events.models import Event
from journal.append import append_all

VOID = Booking.Status.VOID.value
NOTHING = Decimal128("0.00")


@dataclass(frozen=True, slots=True)
class EndedClaim:
    """How a claim ended: how many of its bookings were inserted, and how many never will be."""

    event_id: str
    claim_id: str
    inserted: int
    voided: int


def stale_claims(*, now: datetime) -> Iterator[Claim]:
    """Yield the claims older than the horizon; no process that is alive works on a claim for that long."""
    horizon = now - settings.CLAIM_HORIZON
    stages: list[Stage] = [
        {"$match": {"claims": {"$exists": True, "$ne": {}}}},
        {"$project": {"claims": {"$objectToArray": "$claims"}}},
        {"$unwind": "$claims"},
        {"$match": {"claims.v.at": {"$lte": horizon}}},
    ]
    for row in aggregate(Event.documents, stages):
        yield ledger.read_claim(row["_id"], row["claims"]["k"], row["claims"]["v"])


def end_claim(claim: Claim, *, now: datetime) -> EndedClaim:
    """Void the bookings that were not inserted, complete the journal of the others, settle the claim.

    Doing it twice, or in two processes at once, changes nothing more. Tombstones are inserted first: an insert that is
    still on its way then collides with them, so that no booking appears after its seats were given back.
    """
    insert_tombstones(claim)
    ids = [item.booking_id for item in claim.items]
    inserted = list(Booking.documents.find({"_id": {"$in": ids}, "status": {"$ne": VOID}}))
    append_created_entries(claim.event_id, inserted)
    missing = set(ids) - {booking["_id"] for booking in inserted}
    settle_claim(claim, missing=missing, now=now)
    return EndedClaim(event_id=claim.event_id, claim_id=claim.id, inserted=len(inserted), voided=len(missing))


def settle_claim(claim: Claim, *, missing: Iterable[str], now: datetime) -> bool:
    """Remove a claim and give back the seats of bookings that were not inserted; return whether this call did it.

    Seats come back once, however many processes settle: only the transaction that finds the claim gives them back.
    """
    not_inserted = set(missing)
    seats = sum(item.qty for item in claim.items if item.booking_id in not_inserted)

    def work(event: LockedEvent) -> bool:
        if claim.id not in event.claims:
            return False
        event.end_claim(claim)
        event.release_sold_seats(seats, claim.price * seats)
        return True

    return in_event_transaction(claim.event_id, work, now=now)


def insert_tombstones(claim: Claim) -> None:
    """Insert a tombstone under each booking id of the claim that is free."""
    tombstones = [tombstone(claim.event_id, item.booking_id) for item in claim.items]
    insert_ignoring_duplicates(Booking.documents, tombstones)


def tombstone(event_id: str, booking_id: str) -> BookingDocument:
    return {
        "_id": booking_id,
        "event_id": event_id,
        "customer_id": "",
        "qty": 0,
        "unit_price": NOTHING,
        "amount": NOTHING,
        "status": VOID,
        "created_at": None,  # type: ignore[typeddict-item]  # it was never made
    }


def append_created_entries(event_id: str, bookings: Sequence[BookingDocument]) -> None:
    """Append the ``booking.created`` entries of bookings; an entry that exists stays as it is."""
    snapshot = ledger.read_snapshot(event_id)
    if not bookings or snapshot is None:
        return
    names = User.objects.names_of(booking["customer_id"] for booking in bookings)
    entries = [
        booking_created(
            booking, snapshot, name=names.get(booking["customer_id"], ""), available_seats=snapshot.available_seats
        )
        for booking in bookings
    ]
    append_all(entries)


def recover_stale_claims(*, now: datetime) -> Iterator[EndedClaim]:
    """End every stale claim, one after the other; a claim that fails is logged and left for the next run."""
    for claim in stale_claims(now=now):
        with log_and_continue("recover_stale_claims", event_id=claim.event_id, claim=claim.id):
            yield end_claim(claim, now=now)
