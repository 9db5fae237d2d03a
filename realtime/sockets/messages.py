"""What the sockets send besides notifications: the connection's own messages and the seats of events.

/api/asyncapi is made from these types: their docstrings are its summaries.
"""

from typing import (
    Literal,
    NotRequired,  # pydantic reads this one on Python 3.11
)

from typing_extensions import TypedDict

from accounts.actors import Actor
from realtime.sockets.live_seats import Seats

WatchError = Literal["invalid", "not_found", "too_many", "unknown"]


class Ready(TypedDict):
    """The connection stands; ``seq`` is the last notification so far."""

    userId: str
    role: Literal["ORGANIZER", "CUSTOMER", "STAFF"]
    seq: int


class Skipped(TypedDict):
    """Too many were missed to send them all: read them with GET /api/notifications?after=<fromSeq - 1>."""

    fromSeq: int
    toSeq: int


class Availability(TypedDict):
    """Seats of a watched event moved; ``status`` is HIDDEN where nobody may see it any more."""

    eventId: str
    availableSeats: int
    totalSeats: int
    status: str


class SeatsNow(TypedDict):
    """What /ws/events/{id} says, at once and with each change."""

    availableSeats: int
    totalSeats: int
    status: str


class Acknowledgement(TypedDict):
    """The answer to ``watch`` and ``unwatch``: with the seats of now, or with why not."""

    ok: bool
    eventId: NotRequired[str]
    availableSeats: NotRequired[int]
    totalSeats: NotRequired[int]
    status: NotRequired[str]
    error: NotRequired[WatchError]


class Closing(TypedDict):
    """The server ends the connection.

    ``token_expired``: refresh and come back. ``signed_out``: sign in again. ``unauthorized``: nobody signed in.
    ``restarting``: come back, with ``lastSeq``, after a random pause of a few seconds, so that not all come at once.
    """

    reason: str


def ready(actor: Actor, *, seq: int) -> Ready:
    return {"userId": actor.id, "role": actor.role, "seq": seq}  # type: ignore[typeddict-item]  # tokens hold these roles only


def skipped(*, first: int, last: int) -> Skipped:
    return {"fromSeq": first, "toSeq": last}


def availability(seats: Seats) -> Availability:
    return {"eventId": seats.event_id, **seats_now(seats)}


def seats_now(seats: Seats) -> SeatsNow:
    return {"availableSeats": seats.available, "totalSeats": seats.total, "status": seats.status}


def watching(seats: Seats) -> Acknowledgement:
    return {
        "ok": True,
        "eventId": seats.event_id,
        "availableSeats": seats.available,
        "totalSeats": seats.total,
        "status": seats.status,
    }


def unwatched() -> Acknowledgement:
    return {"ok": True}


def declined(error: WatchError) -> Acknowledgement:
    return {"ok": False, "error": error}


def closing(reason: str) -> Closing:
    return {"reason": reason}
