"""Notifications: which entries make one and for whom; stored in order, then sent to open sockets."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from pymongo.errors import BulkWriteError

from bookings.journal_entries import BY_STAFF, BookingEntry
from bookings.waitlist.journal_entries import WaitlistStep
from config.mongo.collections import Stage, aggregate
from config.mongo.duplicates import DUPLICATE_KEY
from events.journal_entries import EventEntry
from journal.models import Entry
from realtime.documents import NewNotification, NotificationDocument
from realtime.models import Notification
from realtime.notifications import messages
from realtime.notifications.messages import NotificationType
from realtime.notifications.publisher import emit

ATTEMPTS = 20

Make = Callable[[Entry], Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Address:
    """A notification that an entry makes: the member of its data with the recipient's id, its type and its payload."""

    recipient: str
    type: NotificationType
    make: Make


ORGANIZER, CUSTOMER = "organizerId", "customerId"
ADDRESSES: dict[str, list[Address]] = {
    BookingEntry.CREATED: [Address(ORGANIZER, NotificationType.BOOKING_CREATED, messages.booking_created)],
    BookingEntry.CANCELLED: [Address(ORGANIZER, NotificationType.BOOKING_CANCELLED, messages.booking_cancelled)],
    BookingEntry.NOTICE_EVENT_UPDATED: [Address(CUSTOMER, NotificationType.EVENT_UPDATED, messages.event_updated)],
    BookingEntry.NOTICE_EVENT_CANCELLED: [
        Address(CUSTOMER, NotificationType.EVENT_CANCELLED, messages.event_cancelled)
    ],
    EventEntry.HIDDEN: [Address(ORGANIZER, NotificationType.EVENT_HIDDEN, messages.event_decided)],
    EventEntry.RESTORED: [Address(ORGANIZER, NotificationType.EVENT_RESTORED, messages.event_decided)],
    EventEntry.CANCELLED: [Address(ORGANIZER, NotificationType.EVENT_CANCELLED, messages.event_decided)],
    WaitlistStep.OFFERED: [Address(CUSTOMER, NotificationType.WAITLIST_OFFERED, messages.waitlist_offered)],
    WaitlistStep.EXPIRED: [Address(CUSTOMER, NotificationType.WAITLIST_EXPIRED, messages.waitlist_expired)],
}
CANCELLED_BY_STAFF = Address(CUSTOMER, NotificationType.BOOKING_CANCELLED, messages.booking_cancelled)


def notify(entries: Sequence[Entry]) -> None:
    """Store each entry as a notification of its recipient, then send them to their open sockets, in this order."""
    emit(store([notification_of(entry, address) for entry in entries for address in addresses_of(entry)]))


def addresses_of(entry: Entry) -> list[Address]:
    """Return the notifications that an entry makes; a customer gets one of a booking that staff cancelled."""
    by_staff = entry.type == BookingEntry.CANCELLED and entry.data["reason"] == BY_STAFF
    return [*ADDRESSES[entry.type], *([CANCELLED_BY_STAFF] if by_staff else [])]


def notification_of(entry: Entry, address: Address) -> NewNotification:
    """Return the notification of an entry for one recipient, all but its ``seq``."""
    recipient = entry.data[address.recipient]
    return {
        "_id": f"{recipient}:{entry.id}",
        "recipient": recipient,
        "type": address.type.value,
        "created_at": entry.at,
        "read": False,
        "data": dict(address.make(entry)),
    }


def store(notifications: Sequence[NewNotification]) -> list[NotificationDocument]:
    """Insert each under its recipient's next ``seq`` and return the documents; repeated ones as they are stored.

    Another process may use a ``seq`` or store a notification first. The unique indexes then refuse the insert, and what
    is still missing is numbered again.
    """
    known: dict[str, NotificationDocument] = {}
    for _ in range(ATTEMPTS):
        missing = numbered([one for one in notifications if one["_id"] not in known])
        try:
            if missing:
                Notification.documents.insert_many(missing)
        except BulkWriteError as error:
            if any(fault["code"] != DUPLICATE_KEY for fault in error.details["writeErrors"]):
                raise
            known = {document["_id"]: document for document in Notification.documents.find(by_id(notifications))}
            continue
        stored = known | {document["_id"]: document for document in missing}
        return [stored[one["_id"]] for one in notifications]
    raise RuntimeError(f"no free seq in {ATTEMPTS} attempts")


def by_id(notifications: Sequence[NewNotification]) -> dict[str, object]:
    return {"_id": {"$in": [one["_id"] for one in notifications]}}


def numbered(notifications: Sequence[NewNotification]) -> list[NotificationDocument]:
    """Return the notifications with the next ``seq`` of each recipient, in order."""
    last = look_ahead.last_seqs({one["recipient"] for one in notifications})
    following = {recipient: count(seq + 1) for recipient, seq in last.items()}
    return [{**one, "seq": next(following[one["recipient"]])} for one in notifications]


def look_ahead_for(entries: Sequence[Entry]) -> None:
    """Read the last ``seq`` that ``store`` will need, while the booking is being inserted."""
    look_ahead.read({entry.data[address.recipient] for entry in entries for address in addresses_of(entry)})


def last_seq(recipient: str) -> int:
    """Return the recipient's highest ``seq`` so far; 0 before the first."""
    return last_seqs([recipient])[recipient]


def last_seqs(recipients: Collection[str]) -> dict[str, int]:
    """Return the highest ``seq`` of each recipient, from one key of the index for each."""
    stages: list[Stage] = [
        {"$match": {"recipient": {"$in": list(recipients)}}},
        {"$sort": {"recipient": -1, "seq": -1}},
        {"$group": {"_id": "$recipient", "seq": {"$first": "$seq"}}},
    ]
    found = {row["_id"]: int(row["seq"]) for row in aggregate(Notification.documents, stages)}
    return {recipient: found.get(recipient, 0) for recipient in recipients}


class LookAhead:
    """The last ``seq`` of recipients of bookings that are being inserted, each used once.

    It may be too low when it is used, and then the unique index refuses the insert; it is never too high.
    """

    LIMIT = 10_000  # recipients whose booking failed

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
