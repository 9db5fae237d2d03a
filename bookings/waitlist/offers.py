"""Offers to waitlist entries: accepted and expired here, made in bookings/seats/offer_selection.py."""

from collections.abc import Iterator
from datetime import datetime

from accounts.actors import Actor
from bookings import representations
from bookings.documents import BookingRepresentation, WaitlistDocument
from bookings.journal_entries import booking_created
from bookings.models import Booking, WaitlistEntry, new_booking_id
from bookings.seats.ledger import new_booking
from bookings.seats.locked_event import LockedEvent
from bookings.seats.refusals import refuse_closed
from bookings.seats.transactions import in_event_transaction
from bookings.waitlist.entries import OFFERED, NotOnWaitlist, end_entry, expire_all, open_entry
from bookings.waitlist.journal_entries import waitlist_converted
from config.core.clock import as_utc
from config.core.errors import Conflict, log_and_continue
from config.mongo.collections import running_session


class NoOffer(Conflict):
    code = "no_offer"
    detail = "No seats are held for you: an offer comes when enough of them are free and your turn has come."


class OfferExpired(Conflict):
    code = "offer_expired"
    detail = "The offer has expired; the seats go on to the next. You may join the waitlist again."


def accept_offer(*, event_id: str, customer: Actor, now: datetime) -> BookingRepresentation:
    """Turn an offer into a booking at the price of this moment, and return the booking's answer.

    Raises:
        NotOnWaitlist, NoOffer, OfferExpired; EventNotOnSale, EventCancelled, EventPast.
    """

    def work(turn: LockedEvent) -> BookingRepresentation:
        refuse_closed(turn.facts, now=now)
        party = require_offer(event_id, customer, now=now)
        booking = new_booking(
            booking_id=new_booking_id(), customer_id=customer.id, qty=party["qty"], facts=turn.facts, now=now
        )
        turn.sell_held(party["qty"], booking["amount"].to_decimal())
        Booking.documents.insert_one(booking, session=running_session())
        end_entry(party, WaitlistEntry.Status.CONVERTED, now=now, booking_id=booking["_id"])
        turn.entries.append(waitlist_converted(turn, party, booking_id=booking["_id"]))
        turn.entries.append(booking_created(booking, turn.facts, name=customer.name, left=turn.available))
        return representations.represent_new_booking(booking, turn.facts, customer)

    return in_event_transaction(event_id, work, now=now)


def expire_offers(*, now: datetime) -> Iterator[int]:
    """End the offers whose time is up, event by event, yielding how many; their seats go to the next in line."""
    due = {"status": OFFERED, "offer_expires_at": {"$lte": now}}
    for event_id in WaitlistEntry.documents.distinct("event_id", due):
        with log_and_continue("expire_offers", event_id=event_id):
            yield in_event_transaction(
                event_id, lambda turn: expire_all(turn, {**due, "event_id": turn.facts.id}), now=now
            )


def require_offer(event_id: str, customer: Actor, *, now: datetime) -> WaitlistDocument:
    party = open_entry(event_id, customer)
    if party is None:
        raise NotOnWaitlist
    if party["status"] != OFFERED:
        raise NoOffer
    if not party["offer_expires_at"] or as_utc(party["offer_expires_at"]) <= now:
        raise OfferExpired
    return party
