"""What the roll-ups should contain at one moment: the bookings, less what the journal has not delivered yet.

MongoDB does the adding up, so the result grows with the events and their days, not with the bookings.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypedDict, cast

from bson.decimal128 import Decimal128
from pymongo.client_session import ClientSession

from analytics.rollups import NAME, changes
from analytics.sales import NOTHING, Days, Sales, add_days, day_of, merged
from bookings.documents import BookingDocument
from bookings.journal_entries import BookingEntry, created_id
from bookings.models import Booking
from config.mongo.collections import Stage, aggregate
from config.mongo.decimals import to_decimal
from events.documents import EventDocument
from events.models import Event
from journal.models import Entry

DAY_FORMAT = "%Y-%m-%d"
SUMS = {"bookings": {"$sum": 1}, "tickets": {"$sum": "$qty"}, "revenue": {"$sum": "$amount"}}
IS_CANCELLED = {"$eq": ["$status", Booking.Status.CANCELLED.value]}
COUNTED_AT = {"$cond": [IS_CANCELLED, {"$ifNull": ["$cancelled_at", "$created_at"]}, "$created_at"]}


class SumsRow(TypedDict):
    """A row of an aggregation. ``$sum`` over no documents is the number 0."""

    bookings: int
    tickets: int
    revenue: Decimal128 | int


class BookingGroup(TypedDict):
    event: str
    status: str
    day: str


class BookingsRow(SumsRow):
    _id: BookingGroup


class EntryGroup(TypedDict):
    event: str
    type: str
    day: str
    booked: str


class EntriesRow(SumsRow):
    _id: EntryGroup


def events_by_organizer(session: ClientSession) -> Iterator[EventDocument]:
    """Yield every event, those of one organizer together."""
    fields = {"organizer_id": 1, "claims": 1}
    yield from Event.documents.find({}, fields, session=session).sort("organizer_id", 1)


def expected_by_event(
    events: Sequence[EventDocument], pending: dict[str, Days], session: ClientSession
) -> dict[str, Days]:
    """Return what the roll-ups of some events should contain; ``pending`` is what ``undelivered`` returned."""
    booked = booked_by_event([event["_id"] for event in events], session)
    return {
        event["_id"]: subtract(booked[event["_id"]], pending.get(event["_id"], {}), without_entry(event, session))
        for event in events
    }


def subtract(days: Days, *parts: Days) -> Days:
    """Return the difference day by day, without the days on which nothing is left."""
    rest = merged(days, *map(negated, parts))
    return {day: sales for day, sales in rest.items() if sales != NOTHING}


def negated(days: Days) -> Days:
    return {day: NOTHING - sales for day, sales in days.items()}


def booked_by_event(event_ids: Sequence[str], session: ClientSession) -> dict[str, Days]:
    """Return what the bookings of some events add up to, read through the index on the event."""
    real = [Booking.Status.CONFIRMED.value, Booking.Status.CANCELLED.value]
    stages: list[Stage] = [
        {"$match": {"event_id": {"$in": list(event_ids)}, "status": {"$in": real}}},
        {"$group": {"_id": {"event": "$event_id", "status": "$status", "day": day_text(COUNTED_AT)}, **SUMS}},
    ]
    sums: dict[str, Days] = {event_id: {} for event_id in event_ids}
    rows = aggregate(Booking.documents, stages, session=session, allowDiskUse=True)
    for row in cast("Iterable[BookingsRow]", rows):
        group = row["_id"]
        add_days(sums[group["event"]], {group["day"]: sales_of_status(group["status"], row)})
    return sums


def sales_of_status(status: str, row: SumsRow) -> Sales:
    if status == Booking.Status.CANCELLED:
        return Sales(cancellations=row["bookings"])
    return sales_of(row)


def sales_of(row: SumsRow) -> Sales:
    return Sales(bookings=row["bookings"], tickets=row["tickets"], revenue=to_decimal(row["revenue"]))


def day_text(moment: object) -> dict[str, object]:
    """Return the aggregation expression for the UTC day of a moment, as roll-ups name it."""
    return {"$dateToString": {"date": moment, "format": DAY_FORMAT}}


def undelivered(session: ClientSession) -> dict[str, Days]:
    """Return what the journal still has to deliver to the roll-ups, by event."""
    amount, booked_on = {"$toDecimal": "$data.amount"}, {"$substrCP": ["$data.bookedAt", 0, 10]}
    key = {"event": "$data.eventId", "type": "$type", "day": day_text("$at"), "booked": booked_on}
    sums = {"bookings": {"$sum": 1}, "tickets": {"$sum": "$data.qty"}, "revenue": {"$sum": amount}}
    counted = [BookingEntry.CREATED.value, BookingEntry.CANCELLED.value]
    stages: list[Stage] = [{"$match": {"pending": NAME, "type": {"$in": counted}}}, {"$group": {"_id": key, **sums}}]
    pending: dict[str, Days] = {}
    rows = aggregate(Entry.documents, stages, session=session, allowDiskUse=True)
    for row in cast("Iterable[EntriesRow]", rows):
        group = row["_id"]
        changed = changes(entry_type=group["type"], day=group["day"], booked_on=group["booked"], sold=sales_of(row))
        pending[group["event"]] = merged(pending.get(group["event"], {}), *({day: sales} for day, sales in changed))
    return pending


def without_entry(event: EventDocument, session: ClientSession) -> Days:
    """Return the bookings of an event whose journal entries are not written yet.

    The post-commit worker writes them after the bookings are inserted. Until then the event's claim names the bookings;
    the worker removes it once the entries are written.
    """
    claimed = {item["id"] for claim in event.get("claims", {}).values() for item in claim["bookings"]}
    missing = claimed - with_entry(claimed, session)
    if not missing:
        return {}
    inserted = {"_id": {"$in": list(missing)}, "status": {"$ne": Booking.Status.VOID.value}}
    found = Booking.documents.find(inserted, session=session)
    return merged(*({day_of(booking["created_at"]): sales_of_booking(booking)} for booking in found))


def with_entry(booking_ids: Iterable[str], session: ClientSession) -> set[str]:
    """Return those bookings whose entry is in the journal."""
    entries = {created_id(booking_id): booking_id for booking_id in booking_ids}
    if not entries:
        return set()
    found = Entry.documents.find({"_id": {"$in": list(entries)}}, {"_id": 1}, session=session)
    return {entries[document["_id"]] for document in found}


def sales_of_booking(booking: BookingDocument) -> Sales:
    return Sales(bookings=1, tickets=booking["qty"], revenue=booking["amount"].to_decimal())
