"""What the roll-ups should say at a moment: the bookings, less what the journal has still to deliver.

MongoDB does the adding up; what comes back follows the events and their days, not the bookings.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pymongo.client_session import ClientSession

from analytics.rollups import NAME
from analytics.sales import NOTHING, Days, Sales, add_days, day_of, effects, merged
from bookings.audit import to_decimal
from bookings.entries import CANCELLED, CREATED
from bookings.ledger import bookings, events
from bookings.models import Booking
from config.mongo.raw import collection
from journal.models import Entry

DAY = "%Y-%m-%d"
SUMS = {"bookings": {"$sum": 1}, "tickets": {"$sum": "$qty"}, "revenue": {"$sum": "$amount"}}
IS_CANCELLED = {"$eq": ["$status", Booking.Status.CANCELLED.value]}
COUNTED_AT = {"$cond": [IS_CANCELLED, {"$ifNull": ["$cancelled_at", "$created_at"]}, "$created_at"]}


def events_by_organizer(session: ClientSession) -> Iterator[dict[str, Any]]:
    """Yield every event, those of one organizer together."""
    fields = {"organizer_id": 1, "claims": 1}
    yield from events().find({}, fields, session=session).sort("organizer_id", 1)


def delivered(found: Sequence[dict[str, Any]], owed: dict[str, Days], session: ClientSession) -> dict[str, Days]:
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
    pipeline = [
        {"$match": {"event_id": {"$in": list(event_ids)}, "status": {"$in": real}}},
        {"$group": {"_id": {"event": "$event_id", "status": "$status", "day": text_of(COUNTED_AT)}, **SUMS}},
    ]
    sums: dict[str, Days] = {event_id: {} for event_id in event_ids}
    for row in bookings().aggregate(pipeline, session=session, allowDiskUse=True):
        add_days(sums[row["_id"]["event"]], {row["_id"]["day"]: standing(row)})
    return sums


def standing(row: dict[str, Any]) -> Sales:
    if row["_id"]["status"] == Booking.Status.CANCELLED:
        return Sales(cancellations=row["bookings"])
    return sales_of(row)


def sales_of(row: dict[str, Any]) -> Sales:
    return Sales(bookings=row["bookings"], tickets=row["tickets"], revenue=to_decimal(row["revenue"]))


def text_of(moment: Any) -> dict[str, Any]:
    return {"$dateToString": {"date": moment, "format": DAY}}


def undelivered(session: ClientSession) -> dict[str, Days]:
    """Return what the journal holds for the roll-ups and has not delivered, by event."""
    amount, booked_on = {"$toDecimal": "$data.amount"}, {"$substrCP": ["$data.bookedAt", 0, 10]}
    key = {"event": "$data.eventId", "type": "$type", "day": text_of("$at"), "booked": booked_on}
    sums = {"bookings": {"$sum": 1}, "tickets": {"$sum": "$data.qty"}, "revenue": {"$sum": amount}}
    pipeline = [{"$match": {"pending": NAME, "type": {"$in": [CREATED, CANCELLED]}}}, {"$group": {"_id": key, **sums}}]
    owed: dict[str, Days] = {}
    for row in collection(Entry).aggregate(pipeline, session=session, allowDiskUse=True):
        group = row["_id"]
        changes = effects(type=group["type"], day=group["day"], booked=group["booked"], sold=sales_of(row))
        owed[group["event"]] = merged(owed.get(group["event"], {}), *({day: sales} for day, sales in changes))
    return owed


def unwritten(event: dict[str, Any], session: ClientSession) -> Days:
    """Return the bookings that stand while their entries are about to be written: the clerk does it after the insert.

    Until then the event's claim names them; the clerk removes it once the entries are there.
    """
    claimed = {share["id"] for claim in event.get("claims", {}).values() for share in claim["bookings"]}
    missing = claimed - written(claimed, session)
    if not missing:
        return {}
    found = bookings().find({"_id": {"$in": list(missing)}, "status": {"$ne": "VOID"}}, session=session)
    return merged(*({day_of(one["created_at"]): of_booking(one)} for one in found))


def written(booking_ids: Iterable[str], session: ClientSession) -> set[str]:
    """Return those bookings whose entry is in the journal."""
    entries = {f"{CREATED}:{booking_id}": booking_id for booking_id in booking_ids}
    if not entries:
        return set()
    found = collection(Entry).find({"_id": {"$in": list(entries)}}, {"_id": 1}, session=session)
    return {entries[document["_id"]] for document in found}


def of_booking(document: dict[str, Any]) -> Sales:
    return Sales(bookings=1, tickets=document["qty"], revenue=document["amount"].to_decimal())
