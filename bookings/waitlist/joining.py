"""The waitlist: joining, accepting an offer, leaving, and offers that expire. Who gets one: bookings/offers.py."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from accounts.callers import Caller
from bookings import answers
from bookings.documents import BookingRepresentation, WaitlistDocument
from bookings.journal_entries import booking_created
from bookings.ledger import new_booking
from bookings.models import Booking, WaitlistEntry, new_booking_id, new_waitlist_id
from bookings.orders import refuse_closed
from bookings.turn import Turn
from bookings.turns import in_turn, take_turn
from bookings.waitlist_journal_entries import waitlist_converted, waitlist_expired, waitlist_joined, waitlist_left
from config.background import one_of_many
from config.clock import as_utc
from config.errors import Conflict, NotFound
from config.mongo.raw import running_session
from events.models import Event

WAITING, OFFERED = WaitlistEntry.Status.WAITING.value, WaitlistEntry.Status.OFFERED.value
IN_LINE = {"status": {"$in": [WAITING, OFFERED]}}
CHUNK = 500


class SeatsAvailable(Conflict):
    code = "seats_available"
    detail = "There are seats enough: book them."


class AlreadyWaiting(Conflict):
    code = "already_waiting"
    detail = "You are on this waitlist already: leave it first to join with another number of seats."


class TooManySeats(Conflict):
    code = "too_many_seats"
    detail = "The event has fewer seats than that in all."


class NotOnWaitlist(NotFound):
    detail = "You are not on the waitlist of this event."


class NoOffer(Conflict):
    code = "no_offer"
    detail = "No seats are held for you: an offer comes when enough of them are free and your turn has come."


class OfferExpired(Conflict):
    code = "offer_expired"
    detail = "The offer has expired; the seats go on to the next. You may join the waitlist again."


def join(*, event_id: str, customer: Caller, qty: int, now: datetime) -> tuple[WaitlistEntry, int]:
    """Put a party at the end of the line; return its entry and its position, 1 for the first.

    Raises:
        EventNotOnSale, EventCancelled, EventPast: as for a booking.
        SeatsAvailable: it can book instead.  AlreadyWaiting: once for each customer and event.
    """

    def work(turn: Turn) -> tuple[str, int]:
        refuse_closed(turn.facts, now=now)
        if turn.available >= qty:
            raise SeatsAvailable(availableSeats=turn.available)
        if turn.total_seats < qty:
            raise TooManySeats(totalSeats=turn.total_seats)
        if open_entry(event_id, customer) is not None:
            raise AlreadyWaiting
        party: WaitlistDocument = {
            "_id": new_waitlist_id(),
            "event_id": event_id,
            "customer_id": customer.id,
            "customer_name": customer.name,
            "qty": qty,
            "status": WAITING,
            "open": True,
            "turn": turn.number,
            "created_at": now,
        }
        WaitlistEntry.documents.insert_one(party, session=running_session())
        turn.join_line()
        turn.entries.append(waitlist_joined(turn, party))
        return party["_id"], turn.waiting

    party_id, position = in_turn(event_id, work, now=now)
    return WaitlistEntry.objects.get(pk=party_id), position


def accept(*, event_id: str, customer: Caller, now: datetime) -> BookingRepresentation:
    """Turn an offer into a booking at the price of this moment, and return the booking's answer.

    Raises:
        NotOnWaitlist, NoOffer, OfferExpired; EventNotOnSale, EventCancelled, EventPast.
    """

    def work(turn: Turn) -> BookingRepresentation:
        refuse_closed(turn.facts, now=now)
        party = require_offer(event_id, customer, now=now)
        booking = new_booking(
            booking_id=new_booking_id(), customer_id=customer.id, qty=party["qty"], facts=turn.facts, now=now
        )
        turn.sell_held(party["qty"], booking["amount"].to_decimal())
        Booking.documents.insert_one(booking, session=running_session())
        end(party, WaitlistEntry.Status.CONVERTED, now=now, booking_id=booking["_id"])
        turn.entries.append(waitlist_converted(turn, party, booking_id=booking["_id"]))
        turn.entries.append(booking_created(booking, turn.facts, name=customer.name, left=turn.available))
        return answers.of_document(booking, turn.facts, customer)

    return in_turn(event_id, work, now=now)


def leave(*, event_id: str, customer: Caller, now: datetime) -> None:
    """Leave the line, or decline an offer: its seats go to the next.

    Raises:
        NotOnWaitlist: neither waiting nor offered anything.
    """

    def work(turn: Turn) -> None:
        party = open_entry(event_id, customer)
        if party is None:
            raise NotOnWaitlist
        step_out(turn, party)
        end(party, WaitlistEntry.Status.LEFT, now=now)
        turn.entries.append(waitlist_left(turn, party))

    in_turn(event_id, work, now=now)


def feed(event_id: str, now: datetime) -> None:
    """Offer what a change of the event freed, in the transaction of that change."""
    take_turn(event_id, Turn.stand_by, now=now)


def expire_offers(*, now: datetime) -> Iterator[int]:
    """End the offers whose time is up, event by event, yielding how many; their seats go to the next in line."""
    due = {"status": OFFERED, "offer_expires_at": {"$lte": now}}
    for event_id in WaitlistEntry.documents.distinct("event_id", due):
        with one_of_many("expire_offers", event_id=event_id):
            yield in_turn(event_id, lambda turn: expire_all(turn, {**due, "event_id": turn.facts.id}), now=now)


def close_past_lines(*, now: datetime) -> Iterator[int]:
    """End waiting for events that have begun, in chunks, yielding how many: nobody can get those seats any more."""
    for event in Event.documents.find(has_line_and_began(now), {"_id": 1}):
        with one_of_many("close_past_lines", event_id=event["_id"]):
            yield in_turn(event["_id"], close_past_line, now=now)


def has_line_and_began(now: datetime) -> dict[str, object]:
    return {"starts_at": {"$lte": now}, "waitlist_length": {"$gt": 0}}


def close_past_line(turn: Turn) -> int:
    if turn.facts.starts_at > turn.now:  # moved meanwhile
        return 0
    return expire_all(turn, {"event_id": turn.facts.id, "status": WAITING})


def first_in_line(event_id: str) -> list[WaitlistDocument]:
    """Return some of those who wait or have an offer, in the order of the line; none when nobody is left in it."""
    return find_parties({"event_id": event_id, **IN_LINE})


def close_line(turn: Turn, ids: list[str]) -> int:
    """End those of the parties that are in the line still, for an event that was cancelled."""
    expire_all(turn, {"_id": {"$in": ids}, **IN_LINE})
    return len(ids)


def find_parties(query: Mapping[str, object]) -> list[WaitlistDocument]:
    return list(WaitlistEntry.documents.find(query, session=running_session()).sort("turn", 1).limit(CHUNK))


def expire_all(turn: Turn, query: Mapping[str, object]) -> int:
    """End the first of the parties found, a chunk at most; return how many."""
    parties = find_parties(query)
    for party in parties:
        step_out(turn, party)
        end(party, WaitlistEntry.Status.EXPIRED, now=turn.now)
        turn.entries.append(waitlist_expired(turn, party))
    return len(parties)


def step_out(turn: Turn, party: WaitlistDocument) -> None:
    """Take a party out of the counters: its place in the line, or the seats that are held for it."""
    if party["status"] == WAITING:
        turn.leave_line()
    else:
        turn.release(party["qty"])


def end(party: WaitlistDocument, status: WaitlistEntry.Status, *, now: datetime, **fields: object) -> None:
    ended = {"status": status.value, "open": False, "ended_at": now, **fields}
    WaitlistEntry.documents.update_one({"_id": party["_id"]}, {"$set": ended}, session=running_session())


def require_offer(event_id: str, customer: Caller, *, now: datetime) -> WaitlistDocument:
    party = open_entry(event_id, customer)
    if party is None:
        raise NotOnWaitlist
    if party["status"] != OFFERED:
        raise NoOffer
    if not party["offer_expires_at"] or as_utc(party["offer_expires_at"]) <= now:
        raise OfferExpired
    return party


def open_entry(event_id: str, customer: Caller) -> WaitlistDocument | None:
    query = {"event_id": event_id, "customer_id": customer.id, "open": True}
    return WaitlistEntry.documents.find_one(query, session=running_session())


def find_latest(*, event_id: str, customer: Caller) -> WaitlistEntry:
    """Return the customer's last entry for an event, whatever came of it, unless they left.

    Raises:
        NotOnWaitlist: never joined, or left.
    """
    own = WaitlistEntry.objects.of(customer).filter(event=event_id)
    entry: WaitlistEntry | None = own.newest_first().first()
    if entry is None or entry.status == WaitlistEntry.Status.LEFT:
        raise NotOnWaitlist
    return entry


def position_of(entry: WaitlistEntry) -> int | None:
    """Return the place in the line, 1 for the first; None for who does not wait (any more)."""
    if entry.status != WAITING:
        return None
    ahead = {"event_id": entry.event_id, "status": WAITING, "turn": {"$lt": entry.turn}}
    return WaitlistEntry.documents.count_documents(ahead) + 1
