"""Ending claims whose process died: after this, each booking of the claim stands or never will."""

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
    """How a claim ended."""

    event_id: str
    claim_id: str
    standing: int
    voided: int


def stale_claims(*, now: datetime) -> Iterator[Claim]:
    """Yield the claims older than the horizon. No living process works on a claim for that long."""
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
    """Void what was not inserted, complete the journal of what was, settle. Twice or by two at once: the same.

    The tombstone goes first: an insert that is still on its way then collides with it, so the seats that
    settling gives back can't be given to a booking that turns up later.
    """
    insert_tombstones(claim)
    ids = [share.booking_id for share in claim.shares]
    standing = list(Booking.documents.find({"_id": {"$in": ids}, "status": {"$ne": VOID}}))
    record_all_created(claim.event_id, standing)
    missing = set(ids) - {booking["_id"] for booking in standing}
    settle_claim(claim, missing=missing, now=now)
    return EndedClaim(event_id=claim.event_id, claim_id=claim.id, standing=len(standing), voided=len(missing))


def settle_claim(claim: Claim, *, missing: Iterable[str], now: datetime) -> bool:
    """Remove a claim and give back the seats of the bookings that were not inserted; return whether this call did it.

    However many processes settle, seats come back once: the turn gives back only while the claim is there.
    """
    lost = set(missing)
    seats = sum(share.qty for share in claim.shares if share.booking_id in lost)

    def work(turn: LockedEvent) -> bool:
        if claim.id not in turn.claims:
            return False
        turn.end_claim(claim)
        turn.give_back(seats, claim.price * seats)
        return True

    return in_event_transaction(claim.event_id, work, now=now)


def insert_tombstones(claim: Claim) -> None:
    """Insert a tombstone under each booking id that is free."""
    insert_ignoring_duplicates(
        Booking.documents, [tombstone(claim.event_id, share.booking_id) for share in claim.shares]
    )


def tombstone(event_id: str, booking_id: str) -> BookingDocument:
    return {
        "_id": booking_id,
        "event_id": event_id,
        "customer_id": "",
        "qty": 0,
        "unit_price": NOTHING,
        "amount": NOTHING,
        "status": VOID,
        "created_at": None,  # type: ignore[typeddict-item]  # it never was
    }


def record_all_created(event_id: str, bookings: Sequence[BookingDocument]) -> None:
    """See to it that each booking has its journal entry; one that was written already stays as it is."""
    facts = ledger.read_snapshot(event_id)
    if not bookings or facts is None:
        return
    names = User.objects.names_of(booking["customer_id"] for booking in bookings)
    append_all(
        [
            booking_created(booking, facts, name=names.get(booking["customer_id"], ""), left=facts.available_seats)
            for booking in bookings
        ]
    )


def recover_stale_claims(*, now: datetime) -> Iterator[EndedClaim]:
    """End every stale claim, one after the other, saying how each ended."""
    for claim in stale_claims(now=now):
        with log_and_continue("recover_stale_claims", event_id=claim.event_id, claim=claim.id):
            yield end_claim(claim, now=now)
