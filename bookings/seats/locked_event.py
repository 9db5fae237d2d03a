"""An event as one transaction holds it."""

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

COUNTERS = dict.fromkeys(("waitlist_length", "turns", "claims", "total_seats"), 1)


def lock_event(event_id: str, *, now: datetime) -> "LockedEvent":
    """Count up the event's turns, inside the running transaction: from here on it is this transaction's alone.

    Raises:
        NotFound: no such event.
    """
    document = Event.documents.find_one_and_update(
        {"_id": event_id},
        {"$inc": {"turns": 1}},
        projection=SNAPSHOT_FIELDS | COUNTERS,
        return_document=ReturnDocument.AFTER,
        session=running_session(),
    )
    if document is None:
        raise NotFound
    return LockedEvent(
        facts=snapshot_of(document),
        now=now,
        number=document["turns"],
        total_seats=document["total_seats"],
        available=document["available_seats"],
        waiting=document["waitlist_length"],
        claims=document.get("claims", {}),
    )


@dataclass(slots=True)
class LockedEvent:
    """An event as its transaction holds it. Moves gather here; ``write`` stores them in one update."""

    facts: EventSnapshot
    now: datetime
    number: int
    total_seats: int
    available: int
    waiting: int
    claims: dict[str, ClaimDocument]
    moves: dict[str, int] = field(default_factory=dict)
    revenue: Decimal = Decimal(0)
    ended_claims: list[Claim] = field(default_factory=list)
    entries: list[EntryDocument] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether seats of the event can be had at all."""
        return closed_reason(self.facts, now=self.now) is None

    def _move(self, **counts: int) -> None:
        for name, count in counts.items():
            self.moves[name] = self.moves.get(name, 0) + count
        self.available += counts.get("available_seats", 0)
        self.waiting += counts.get("waitlist_length", 0)

    def give_back(self, seats: int, amount: Decimal) -> None:
        """Sold seats become free again, and their money is no longer earned."""
        self._move(tickets_sold=-seats, available_seats=seats)
        self.revenue -= amount

    def hold(self, seats: int) -> None:
        self._move(available_seats=-seats, held_seats=seats)

    def release(self, seats: int) -> None:
        self._move(available_seats=seats, held_seats=-seats)

    def sell_held(self, seats: int, amount: Decimal) -> None:
        self._move(held_seats=-seats, tickets_sold=seats)
        self.revenue += amount

    def join_line(self) -> None:
        """One more party waits."""
        self._move(waitlist_length=1)

    def leave_line(self) -> None:
        """One party waits no more: it left, has an offer, or its wait was ended."""
        self._move(waitlist_length=-1)

    def stand_by(self) -> None:
        """Move nothing: for a turn that only offers what is free."""

    def end_claim(self, claim: Claim) -> None:
        self.ended_claims.append(claim)

    def write(self) -> None:
        if update := self._update():
            Event.documents.update_one({"_id": self.facts.id}, update, session=running_session())
        append(*self.entries)
        on_commit(lambda: announce_seat_changes([self.facts.id]))

    def _update(self) -> dict[str, dict[str, object]]:
        """Return the update of the event; empty where nothing moved."""
        counts: dict[str, object] = {name: count for name, count in self.moves.items() if count}
        if self.revenue:
            counts["revenue"] = Decimal128(self.revenue)
        ended: dict[str, object] = {claim.path: "" for claim in self.ended_claims}
        return {operator: values for operator, values in (("$inc", counts), ("$unset", ended)) if values}
