"""Checks that the counters of events agree with their bookings and waitlists."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from pymongo.client_session import ClientSession

from bookings.models import Booking, WaitlistEntry
from config.core.clock import as_utc
from config.mongo.collections import Stage, aggregate
from config.mongo.decimals import to_decimal
from config.mongo.snapshots import snapshot_session
from events.documents import EventDocument
from events.models import Event

CHECKED_FIELDS = (
    "total_seats", "available_seats", "held_seats", "tickets_sold", "revenue", "claims", "waitlist_length",
    "status", "hidden", "starts_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that does not hold for one event."""

    event_id: str
    rule: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.event_id}: {self.rule}: expected {self.expected}, found {self.found}"


@dataclass(frozen=True, slots=True)
class BookingSums:
    """Sums over confirmed bookings."""

    seats: int = 0
    amount: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class WaitlistSums:
    """Sums over open entries: how many wait, the seats of the smallest of them, and the seats held for offers."""

    waiting: int = 0
    smallest: int = 0
    held: int = 0


def count_events() -> int:
    return Event.documents.estimated_document_count()


def check_events(*, now: datetime) -> Iterator[list[Finding]]:
    """Yield the findings of each event.

    An event, its bookings and its waitlist are read in one snapshot; a claim counts as the bookings that it names.
    """
    ids = [document["_id"] for document in Event.documents.find({}, {"_id": 1}).sort("_id", 1)]
    for event_id in ids:
        with snapshot_session() as session:
            event = Event.documents.find_one({"_id": event_id}, dict.fromkeys(CHECKED_FIELDS, 1), session=session)
            if event is not None:
                booked, claimed = sum_confirmed(event_id, session), sum_claimed(event, session)
                yield check_event(event, booked, claimed, sum_waitlist(event_id, session), now=now)


def check_event(
    event: EventDocument, booked: BookingSums, claimed: BookingSums, waitlist: WaitlistSums, *, now: datetime
) -> list[Finding]:
    """Compare the counters with confirmed bookings, bookings that are only claimed so far, and the waitlist."""
    available, held, total = event["available_seats"], event["held_seats"], event["total_seats"]
    tickets, revenue = event["tickets_sold"], event["revenue"].to_decimal()
    horizon = now - settings.CLAIM_HORIZON
    stale = [claim_id for claim_id, claim in event.get("claims", {}).items() if as_utc(claim["at"]) <= horizon]
    passed_over = [waitlist.smallest] if is_passed_over(event, waitlist, now=now) else []
    rules = [
        ("available + held + sold == total", total, available + held + tickets),
        ("sold == seats of confirmed bookings and claims", booked.seats + claimed.seats, tickets),
        ("revenue == amount of confirmed bookings and claims", booked.amount + claimed.amount, revenue),
        ("available >= 0", max(available, 0), available),
        ("held == seats of open offers", waitlist.held, held),
        ("waitlist length == waiting entries", waitlist.waiting, event.get("waitlist_length", 0)),
        ("no entry waits for seats that are free", [], passed_over),
        ("no claim older than the horizon", [], stale),
    ]
    return [
        Finding(event["_id"], rule, str(expected), str(found)) for rule, expected, found in rules if expected != found
    ]


def is_passed_over(event: EventDocument, waitlist: WaitlistSums, *, now: datetime) -> bool:
    """Return whether an entry waits for seats that everyone could book."""
    on_sale = event["status"] == Event.Status.PUBLISHED and not event["hidden"] and as_utc(event["starts_at"]) > now
    return on_sale and 0 < waitlist.smallest <= event["available_seats"]


def sum_waitlist(event_id: str, session: ClientSession) -> WaitlistSums:
    """Return the sums over an event's open waitlist entries."""
    is_waiting = {"$eq": ["$status", WaitlistEntry.Status.WAITING.value]}
    stages: list[Stage] = [
        {"$match": {"event_id": event_id, "status": {"$in": ["WAITING", "OFFERED"]}}},
        {
            "$group": {
                "_id": None,
                "waiting": {"$sum": {"$cond": [is_waiting, 1, 0]}},
                "smallest": {"$min": {"$cond": [is_waiting, "$qty", None]}},
                "held": {"$sum": {"$cond": [is_waiting, 0, "$qty"]}},
            }
        },
    ]
    for row in aggregate(WaitlistEntry.documents, stages, session=session):
        return WaitlistSums(waiting=row["waiting"], smallest=row["smallest"] or 0, held=row["held"])
    return WaitlistSums()


def sum_confirmed(event_id: str, session: ClientSession) -> BookingSums:
    """Return the seats and the money of an event's confirmed bookings."""
    stages: list[Stage] = [
        {"$match": {"event_id": event_id, "status": Booking.Status.CONFIRMED.value}},
        {"$group": {"_id": None, "seats": {"$sum": "$qty"}, "amount": {"$sum": "$amount"}}},
    ]
    for row in aggregate(Booking.documents, stages, session=session):
        return BookingSums(seats=row["seats"], amount=to_decimal(row["amount"]))
    return BookingSums()


def sum_claimed(event: EventDocument, session: ClientSession) -> BookingSums:
    """Return the seats and the money that claims have counted for bookings which are not inserted."""
    items = [
        (item, claim["price"].to_decimal()) for claim in event.get("claims", {}).values() for item in claim["bookings"]
    ]
    named = {"_id": {"$in": [item["id"] for item, _ in items]}, "status": {"$ne": Booking.Status.VOID.value}}
    inserted = {booking["_id"] for booking in Booking.documents.find(named, {"_id": 1}, session=session)}
    missing = [(item["qty"], price) for item, price in items if item["id"] not in inserted]
    return BookingSums(
        seats=sum(qty for qty, _ in missing), amount=sum((qty * price for qty, price in missing), Decimal(0))
    )
