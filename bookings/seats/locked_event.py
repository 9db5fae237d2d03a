"""An event that one transaction has to itself."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from bson.decimal128 import Decimal128
from django_mongodb_backend.transaction import on_commit
from pymongo import ReturnDocument

from bookings.seats.ledger import SNAPSHOT_FIELDS, Claim, EventSnapshot, snapshot_of
from bookings.seats.refusals import closed_reason
from config.core.errors import NotFound
from config.mongo.collections import running_session
from events.documents import ClaimDocument
from events.models import Event
from events.seat_announcements import announce_seat_changes
from journal.append import append
from journal.documents import EntryDocument

COUNTERS = dict.fromkeys(("waitlist_length", "seat_transactions", "claims", "total_seats"), 1)


def lock_event(event_id: str, *, now: datetime) -> "LockedEvent":
    """Count one more seat transaction of the event. From this write on no other transaction can change the event.

    Runs inside a transaction.

    Raises:
        NotFound: no such event.
    """
    document = Event.documents.find_one_and_update(
        {"_id": event_id},
        {"$inc": {"seat_transactions": 1}},
        projection=SNAPSHOT_FIELDS | COUNTERS,
        return_document=ReturnDocument.AFTER,
        session=running_session(),
    )
    if document is None:
        raise NotFound
    return LockedEvent(
        snapshot=snapshot_of(document),
        now=now,
        seat_transaction=document["seat_transactions"],
        total_seats=document["total_seats"],
        available=document["available_seats"],
        waiting=document["waitlist_length"],
        claims=document.get("claims", {}),
    )


@dataclass(slots=True)
class LockedEvent:
    """An event inside its transaction. Changes are collected here; ``write`` stores them in one update.

    ``seat_transaction`` is the number of this transaction among those of the event; ``waiting`` counts the entries
    of the waitlist that have no offer yet.
    """

    snapshot: EventSnapshot
    now: datetime
    seat_transaction: int
    total_seats: int
    available: int
    waiting: int
    claims: dict[str, ClaimDocument]
    counts: dict[str, int] = field(default_factory=dict)
    revenue: Decimal = Decimal(0)
    ended_claims: list[Claim] = field(default_factory=list)
    journal_entries: list[EntryDocument] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether seats of the event can be booked at all."""
        return closed_reason(self.snapshot, now=self.now) is None

    def _count(self, **changes: int) -> None:
        for name, change in changes.items():
            self.counts[name] = self.counts.get(name, 0) + change
        self.available += changes.get("available_seats", 0)
        self.waiting += changes.get("waitlist_length", 0)

    def release_sold_seats(self, seats: int, amount: Decimal) -> None:
        self._count(tickets_sold=-seats, available_seats=seats)
        self.revenue -= amount

    def hold_seats(self, seats: int) -> None:
        self._count(available_seats=-seats, held_seats=seats)

    def release_held_seats(self, seats: int) -> None:
        self._count(available_seats=seats, held_seats=-seats)

    def sell_held_seats(self, seats: int, amount: Decimal) -> None:
        self._count(held_seats=-seats, tickets_sold=seats)
        self.revenue += amount

    def add_waiting(self) -> None:
        self._count(waitlist_length=1)

    def remove_waiting(self) -> None:
        """One entry waits no longer: its customer left or has an offer, or the wait was ended."""
        self._count(waitlist_length=-1)

    def end_claim(self, claim: Claim) -> None:
        self.ended_claims.append(claim)

    def write(self) -> None:
        if update := self._update():
            Event.documents.update_one({"_id": self.snapshot.id}, update, session=running_session())
        append(*self.journal_entries)
        on_commit(lambda: announce_seat_changes([self.snapshot.id]))

    def _update(self) -> dict[str, dict[str, object]]:
        """Return the update of the event; empty if nothing changed."""
        counts: dict[str, object] = {name: count for name, count in self.counts.items() if count}
        if self.revenue:
            counts["revenue"] = Decimal128(self.revenue)
        ended: dict[str, object] = {claim.path: "" for claim in self.ended_claims}
        return {operator: values for operator, values in (("$inc", counts), ("$unset", ended)) if values}
