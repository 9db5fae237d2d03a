"""Storing notifications in order and sending them: the journal's handler for sockets."""

from collections.abc import Callable, Sequence
from typing import Any

from pymongo import DESCENDING
from pymongo.errors import DuplicateKeyError

from config.mongo.raw import collection
from journal.handlers import Handler
from journal.models import Entry
from realtime import messages, rooms
from realtime.emitter import NobodyListens, emit
from realtime.models import Notification

ATTEMPTS = 20
PATIENCE = 6  # attempts; afterwards the notification waits for its recipient to come back and ask

Make = Callable[[Entry], dict[str, Any]]
TO_ORGANIZER: dict[str, Make] = {"booking.created": messages.booking_created}


def deliver(entries: Sequence[Entry]) -> None:
    """Store each entry as a notification of its recipient, then send it to their open sockets."""
    for entry in entries:
        make = TO_ORGANIZER[entry.type]
        document = store(recipient=entry.data["organizerId"], entry=entry, data=make(entry))
        try:
            emit(entry.type, messages.notification(document), room=rooms.of_user(document["recipient"]))
        except NobodyListens:
            if entry.failures.get("notify", {}).get("attempts", 0) < PATIENCE:
                raise


def store(*, recipient: str, entry: Entry, data: dict[str, Any]) -> dict[str, Any]:
    """Insert under the recipient's next ``seq`` and return the document; the one that is there for a repeated entry."""
    key = f"{recipient}:{entry.id}"
    for _ in range(ATTEMPTS):
        if (known := collection(Notification).find_one({"_id": key})) is not None:
            return dict(known)
        document = {"_id": key, "recipient": recipient, "seq": last_seq(recipient) + 1, "type": entry.type}
        document |= {"created_at": entry.at, "read": False, "data": data}
        try:
            collection(Notification).insert_one(document)
        except DuplicateKeyError:  # another worker took this seq, or stored this entry
            continue
        return document
    raise RuntimeError(f"no free seq for {recipient} in {ATTEMPTS} attempts")


def last_seq(recipient: str) -> int:
    """Return the recipient's highest ``seq`` so far; 0 before the first."""
    newest = collection(Notification).find_one({"recipient": recipient}, {"seq": 1}, sort=[("seq", DESCENDING)])
    return int(newest["seq"]) if newest else 0


HANDLER = Handler(name="notify", types=frozenset(TO_ORGANIZER), deliver=deliver, batch=50)
