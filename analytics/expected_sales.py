"""What the roll-ups should say at a moment: the bookings, less what the journal has still to deliver.

MongoDB does the adding up; what comes back follows the events and their days, not the bookings.
"""

from collections.abc import Iterable, Iterator, Sequence

from pymongo.client_session import ClientSession

from analytics.rollups import NAME
from analytics.sales import NOTHING, Days, Sales, add_days, day_of, effects, merged
from bookings.documents import BookingDocument
from bookings.journal_entries import BookingEntry, created_id
from bookings.models import Booking
from config.mongo.collections import Row, Stage, aggregate
from config.mongo.decimals import to_decimal
from events.documents import EventDocument
from events.models import Event
from journal.models import Entry

DAY = "%Y-%m-%d"
SUMS = {"bookings": {"$sum": 1}, "tickets": {"$sum": "$qty"}, "revenue": {"$sum": "$amount"}}
IS_CANCELLED = {"$eq": ["$status", Booking.Status.CANCELLED.value]}
COUNTED_AT = {"$cond": [IS_CANCELLED, {"$ifNull": ["$cancelled_at", "$created_at"]}, "$created_at"]}


def events_by_organizer(session: ClientSession) -> Iterator[EventDocument]:
    """Yield every event, those of one organizer together."""
    fields = {"organizer_id": 1, "claims": 1}
    yield from Event.documents.find({}, fields, session=session).sort("organizer_id", 1)


def delivered(found: Sequence[EventDocument], owed: dict[str, Days], session: ClientSession) -> dict[str, Days]:
    """Return what the roll-ups should say of each of some events; what is ``owed`` to them was not delivered."""
    sums = booked([event["_id"] for event in found], session)
    return {
        event["_id"]: less(sums[event["_id"]], owed.get(event["_id"], {}), unwritten(event, session)) for event in found
    }


def less(days: Days, *missing: Days) -> Days:
    """Return what is left of figures, day by day; days of which nothing is left are not there."""
    rest = merged(days, *map(negative, missing))
    return {day: sales for day, sales in rest.items() if sales != NOTHING}


def negative(days: Days) -> Days:
    return {day: NOTHING - sales for day, sales in days.items()}


def booked(event_ids: Sequence[str], session: ClientSession) -> dict[str, Days]:
    """Return what the bookings of some events say, read through the index on the event."""
    real = [Booking.Status.CONFIRMED.value, Booking.Status.CANCELLED.value]
    stages: list[Stage] = [
        {"$match": {"event_id": {"$in": list(event_ids)}, "status": {"$in": real}}},
        {"$group": {"_id": {"event": "$event_id", "status": "$status", "day": text_of(COUNTED_AT)}, **SUMS}},
    ]
    sums: dict[str, Days] = {event_id: {} for event_id in event_ids}
    for row in aggregate(Booking.documents, stages, session=session, allowDiskUse=True):
        add_days(sums[row["_id"]["event"]], {row["_id"]["day"]: standing(row)})
    return sums


def standing(row: Row) -> Sales:
    if row["_id"]["status"] == Booking.Status.CANCELLED:
        return Sales(cancellations=row["bookings"])
    return sales_of(row)


def sales_of(row: Row) -> Sales:
    return Sales(bookings=row["bookings"], tickets=row["tickets"], revenue=to_decimal(row["revenue"]))


def text_of(moment: object) -> dict[str, object]:
    return {"$dateToString": {"date": moment, "format": DAY}}


def undelivered(session: ClientSession) -> dict[str, Days]:
    """Return what the journal holds for the roll-ups and has not delivered, by event."""
    amount, booked_on = {"$toDecimal": "$data.amount"}, {"$substrCP": ["$data.bookedAt", 0, 10]}
    key = {"event": "$data.eventId", "type": "$type", "day": text_of("$at"), "booked": booked_on}
    sums = {"bookings": {"$sum": 1}, "tickets": {"$sum": "$data.qty"}, "revenue": {"$sum": amount}}
    counted = [BookingEntry.CREATED.value, BookingEntry.CANCELLED.value]
    stages: list[Stage] = [{"$match": {"pending": NAME, "type": {"$in": counted}}}, {"$group": {"_id": key, **sums}}]
    owed: dict[str, Days] = {}
    for row in aggregate(Entry.documents, stages, session=session, allowDiskUse=True):
        group = row["_id"]
        changes = effects(entry_type=group["type"], day=group["day"], booked=group["booked"], sold=sales_of(row))
        owed[group["event"]] = merged(owed.get(group["event"], {}), *({day: sales} for day, sales in changes))
    return owed


def unwritten(event: EventDocument, session: ClientSession) -> Days:
    """Return the bookings that stand while their entries are about to be written: the clerk does it after the insert.

    Until then the event's claim names them; the clerk removes it once the entries are there.
    """
    claimed = {share["id"] for claim in event.get("claims", {}).values() for share in claim["bookings"]}
    missing = claimed - written(claimed, session)
    if not missing:
        return {}
    standing = {"_id": {"$in": list(missing)}, "status": {"$ne": Booking.Status.VOID.value}}
    found = Booking.documents.find(standing, session=session)
    return merged(*({day_of(one["created_at"]): of_booking(one)} for one in found))


def written(booking_ids: Iterable[str], session: ClientSession) -> set[str]:
    """Return those bookings whose entry is in the journal."""
    entries = {created_id(booking_id): booking_id for booking_id in booking_ids}
    if not entries:
        return set()
    found = Entry.documents.find({"_id": {"$in": list(entries)}}, {"_id": 1}, session=session)
    return {entries[document["_id"]] for document in found}


def of_booking(document: BookingDocument) -> Sales:
    return Sales(bookings=1, tickets=document["qty"], revenue=document["amount"].to_decimal())
