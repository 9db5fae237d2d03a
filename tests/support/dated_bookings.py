"""Bookings and cancellations on chosen days, written as the seat ledger and the journal store them."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from bson.decimal128 import Decimal128

from accounts.models import User
from analytics import rollup_repair
from analytics.models import DailySales
from bookings.documents import BookingDocument
from bookings.journal_entries import BookingEntry, booking_created
from bookings.models import Booking, new_booking_id
from bookings.seats import ledger
from config.core.clock import iso
from config.mongo.collections import running_session
from config.mongo.transactions import run_in_transaction
from events.documents import EventDocument
from events.models import Event
from journal.append import build_entry
from journal.dispatch import dispatch
from journal.documents import EntryDocument
from journal.models import Entry


def at(day: str, hour: int = 12) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC)


def book(event: Event, customer: User, *, day: str, qty: int = 1, hour: int = 12) -> BookingDocument:
    """Insert a booking made on a day, with its seats and its journal entry, and return its document."""
    amount = Decimal(event.price) * qty
    booking: BookingDocument = {
        "_id": new_booking_id(), "event_id": event.pk, "customer_id": customer.pk, "qty": qty,
        "unit_price": Decimal128(event.price), "amount": Decimal128(amount), "status": "CONFIRMED",
        "created_at": at(day, hour), "cancelled_at": None, "checked_in_at": None,
    }  # fmt: skip
    snapshot = ledger.read_snapshot(event.pk)
    assert snapshot
    entry = booking_created(booking, snapshot, name=customer.name, available_seats=snapshot.available_seats)
    Event.documents.update_one({"_id": event.pk}, {"$inc": ledger.counters(seats=qty, price=event.price)})
    in_one_transaction(entry, lambda session: Booking.documents.insert_one(booking, session=session))
    return booking


def cancel(booking: BookingDocument, *, day: str) -> None:
    """Cancel a booking on a day: its document, its seats, its journal entry."""
    moment = at(day)
    this, update = {"_id": booking["_id"]}, {"$set": {"status": "CANCELLED", "cancelled_at": moment}}
    event = Event.documents.find_one({"_id": booking["event_id"]})
    assert event
    price, seats = booking["unit_price"].to_decimal(), booking["qty"]
    Event.documents.update_one({"_id": event["_id"]}, {"$inc": ledger.counters(seats=-seats, price=price)})
    entry = cancelled_entry(booking, event, moment)
    in_one_transaction(entry, lambda session: Booking.documents.update_one(this, update, session=session))


def in_one_transaction(entry: EntryDocument, write: Callable[[Any], Any]) -> None:
    def work() -> None:
        write(running_session())
        Entry.documents.insert_one(entry, session=running_session())

    run_in_transaction(work)


def cancelled_entry(booking: BookingDocument, event: EventDocument, moment: datetime) -> EntryDocument:
    data = {
        "id": booking["_id"], "eventId": event["_id"], "organizerId": event["organizer_id"],
        "customerId": booking["customer_id"], "qty": booking["qty"], "bookedAt": iso(booking["created_at"]),
        "amount": f"{booking['amount'].to_decimal():.2f}", "reason": "customer",
    }  # fmt: skip
    entry_id = f"{BookingEntry.CANCELLED}:{booking['_id']}"
    who = {"subject": booking["_id"], "actor": booking["customer_id"]}
    return build_entry(BookingEntry.CANCELLED, entry_id=entry_id, at=moment, data=data, **who)


def deliver() -> int:
    """Deliver the pending entries to the roll-ups; return how many were delivered."""
    return dispatch("rollups")


def figures(scope: str) -> dict[str, tuple[int, int, str, int]]:
    """Return the roll-ups of a scope by day: bookings, tickets, revenue, cancellations."""
    days = DailySales.objects.of(scope).by_day()
    return {
        day: (sales.bookings, sales.tickets, f"{sales.revenue:.2f}", sales.cancellations)
        for day, sales in sorted(days.items())
    }


def findings() -> list[str]:
    return [str(finding) for found in rollup_repair.check_rollups() for finding in found]
