"""Storing notifications in order and sending them: the journal's handler for sockets."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from pymongo.errors import BulkWriteError

from config.mongo.duplicates import DUPLICATE_KEY
from config.mongo.raw import collection
from journal.handlers import Handler
from journal.models import Entry
from realtime import messages
from realtime.emitter import NobodyListens, emit
from realtime.models import Notification

ATTEMPTS = 20
PATIENCE = 6  # attempts; afterwards the notification waits for its recipient to come back and ask

Make = Callable[[Entry], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Address:
    """Who is told of an entry (the member of its data that names them), under which type, and what."""

    recipient: str
    type: str
    make: Make


ORGANIZER, CUSTOMER = "organizerId", "customerId"
ADDRESSES: dict[str, list[Address]] = {
    "booking.created": [Address(ORGANIZER, "booking.created", messages.booking_created)],
    "booking.cancelled": [Address(ORGANIZER, "booking.cancelled", messages.booking_cancelled)],
    "notice.event_updated": [Address(CUSTOMER, "event.updated", messages.event_updated)],
    "notice.event_cancelled": [Address(CUSTOMER, "event.cancelled", messages.event_cancelled)],
    "event.hidden": [Address(ORGANIZER, "event.hidden", messages.event_decided)],
    "event.restored": [Address(ORGANIZER, "event.restored", messages.event_decided)],
    "event.cancelled": [Address(ORGANIZER, "event.cancelled", messages.event_decided)],
    "waitlist.offered": [Address(CUSTOMER, "waitlist.offered", messages.waitlist_offered)],
    "waitlist.expired": [Address(CUSTOMER, "waitlist.expired", messages.waitlist_expired)],
}
BY_STAFF = Address(CUSTOMER, "booking.cancelled", messages.booking_cancelled)


def deliver(entries: Sequence[Entry]) -> None:
    """Store each entry as a notification of its recipient, then send them to their open sockets, in this order."""
    drafts = [draft(entry, address) for entry in entries for address in addresses_of(entry)]
    try:
        emit(store(drafts))
    except NobodyListens:
        if any(entry.failures.get("notify", {}).get("attempts", 0) < PATIENCE for entry in entries):
            raise


def addresses_of(entry: Entry) -> list[Address]:
    """Return who is told; a customer also of a booking that somebody else cancelled."""
    by_staff = entry.type == "booking.cancelled" and entry.data["reason"] == "staff"
    return [*ADDRESSES[entry.type], *([BY_STAFF] if by_staff else [])]


def draft(entry: Entry, address: Address) -> dict[str, Any]:
    """Return the notification of an entry for one recipient, all but its ``seq``."""
    recipient = entry.data[address.recipient]
    return {
        "_id": f"{recipient}:{entry.id}",
        "recipient": recipient,
        "type": address.type,
        "created_at": entry.at,
        "read": False,
        "data": dict(address.make(entry)),
    }


def wants(type: str, data: dict[str, Any]) -> bool:  # noqa: A002 - the entry's own word
    """A cancelled event, and offers that end with it, are told of once and not booking by booking.

    Organizers know what they cancelled themselves.
    """
    unwanted = {"booking.cancelled": ("reason", "event_cancelled"), "event.cancelled": ("byStaff", False)}
    name, value = unwanted.get(type, ("was", "WAITING"))
    return data.get(name) != value


def store(drafts: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Insert each under its recipient's next ``seq`` and return the documents; those of repeated entries as they are.

    Another process may take a ``seq`` or store an entry first: the unique indexes tell, and the rest is numbered anew.
    """
    known: dict[str, dict[str, Any]] = {}
    for _ in range(ATTEMPTS):
        missing = numbered([one for one in drafts if one["_id"] not in known])
        try:
            if missing:
                collection(Notification).insert_many(missing)
        except BulkWriteError as error:
            if any(fault["code"] != DUPLICATE_KEY for fault in error.details["writeErrors"]):
                raise
            known = {document["_id"]: document for document in collection(Notification).find(by_id(drafts))}
            continue
        stored = known | {document["_id"]: document for document in missing}
        return [stored[one["_id"]] for one in drafts]
    raise RuntimeError(f"no free seq in {ATTEMPTS} attempts")


def by_id(drafts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {"_id": {"$in": [one["_id"] for one in drafts]}}


def numbered(drafts: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the drafts with the next ``seq`` of each recipient, in order."""
    last = look_ahead.last_seqs({one["recipient"] for one in drafts})
    following = {recipient: count(seq + 1) for recipient, seq in last.items()}
    return [{**one, "seq": next(following[one["recipient"]])} for one in drafts]


def prepare(entries: Sequence[Entry]) -> None:
    """Look up what ``deliver`` will want to know, while the booking is being inserted."""
    look_ahead.read({entry.data[address.recipient] for entry in entries for address in addresses_of(entry)})


def last_seq(recipient: str) -> int:
    """Return the recipient's highest ``seq`` so far; 0 before the first."""
    return last_seqs([recipient])[recipient]


def last_seqs(recipients: Collection[str]) -> dict[str, int]:
    """Return the highest ``seq`` of each recipient, from one key of the index for each."""
    pipeline: list[dict[str, Any]] = [
        {"$match": {"recipient": {"$in": list(recipients)}}},
        {"$sort": {"recipient": -1, "seq": -1}},
        {"$group": {"_id": "$recipient", "seq": {"$first": "$seq"}}},
    ]
    found = {row["_id"]: int(row["seq"]) for row in collection(Notification).aggregate(pipeline)}
    return {recipient: found.get(recipient, 0) for recipient in recipients}


class LookAhead:
    """The last ``seq`` of recipients who are about to be told, each good for one use.

    It may be too low by then, which the unique index tells, but never too high.
    """

    LIMIT = 10_000  # recipients whose booking did not come about

    def __init__(self) -> None:
        self._read: dict[str, int] = {}

    def read(self, recipients: Collection[str]) -> None:
        if len(self._read) >= self.LIMIT:
            self._read.clear()
        self._read |= last_seqs(recipients)

    def last_seqs(self, recipients: Collection[str]) -> dict[str, int]:
        known = {one: seq for one in recipients if (seq := self._read.pop(one, None)) is not None}
        unknown = [one for one in recipients if one not in known]
        return known | (last_seqs(unknown) if unknown else {})


look_ahead = LookAhead()

HANDLER = Handler(
    name="notify",
    types=frozenset(ADDRESSES),
    deliver=deliver,
    batch=50,
    wants=wants,
    prompt=True,
    prepare=prepare,
)
