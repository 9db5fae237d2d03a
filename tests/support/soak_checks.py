"""What must hold after any interleaving of everything."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from bookings.models import Booking, WaitlistEntry
from bookings.seats import consistency
from config.core.clock import now
from events.models import Event
from journal.models import Entry
from realtime.models import Notification


def faults() -> list[str]:
    return [*ledger(), *holdings(), *line(), *deliveries(), *notices()]


def ledger() -> Iterator[str]:
    """check_seats is clean."""
    for found in consistency.check_events(now=now()):
        yield from map(str, found)


def holdings() -> Iterator[str]:
    """Nobody holds more than asked: a converted place has one booking, of its own size, and each booking one entry."""
    for entry in WaitlistEntry.objects.filter(status="CONVERTED"):
        booking = Booking.objects.filter(pk=entry.booking_id).first()
        if booking is None or (booking.qty, booking.customer_id) != (entry.qty, entry.customer_id):
            yield f"{entry.id}: converted into {booking}"
    made = Counter(Entry.objects.filter(type="booking.created").values_list("subject", flat=True))
    ended = Counter(Entry.objects.filter(type="booking.cancelled").values_list("subject", flat=True))
    for booking in Booking.objects.real():
        expected = (1, 1 if booking.status == "CANCELLED" else 0)
        if (made[booking.pk], ended[booking.pk]) != expected:
            yield f"{booking.pk}: {booking.status}, entries {made[booking.pk]} and {ended[booking.pk]}"
    of_event: dict[str, int] = defaultdict(int)
    for booking in Booking.objects.confirmed():
        of_event[booking.event_id] += booking.qty
    for event in Event.objects.all():
        if of_event[event.pk] > event.total_seats:
            yield f"{event.pk}: {of_event[event.pk]} seats sold of {event.total_seats}"


def line() -> Iterator[str]:
    """The order of each line was kept: nobody was passed over who would have fitted into what was free."""
    for event_id in Event.objects.values_list("pk", flat=True):
        yield from replay(event_id)


def replay(event_id: str) -> Iterator[str]:
    """Go through the turns of an event again, as its journal tells them."""
    waiting: dict[str, dict[str, Any]] = {}
    for entry in steps(event_id):
        data = entry["data"]
        if entry["type"] == "waitlist.joined":
            waiting[data["id"]] = data
        elif entry["type"] == "waitlist.offered":
            room = data["availableSeats"] + data["qty"]  # what was free just before
            place = waiting.pop(data["id"])
            for other in waiting.values():
                if other["joinedInTurn"] < place["joinedInTurn"] and other["qty"] <= room:
                    yield f"{event_id}: {data['id']} went before {other['id']}, who fitted into {room} seats"
        else:
            waiting.pop(data["id"], None)


def steps(event_id: str) -> list[dict[str, Any]]:
    """Return what happened to the line: by turn, and within a turn as it was written."""
    kinds = ["waitlist.joined", "waitlist.offered", "waitlist.left", "waitlist.expired", "waitlist.converted"]
    found = Entry.documents.find({"type": {"$in": kinds}, "data.eventId": event_id})
    in_turn = {"waitlist.offered": 1}  # offers come last in a turn; the first to be offered leaves the most behind
    return sorted(
        found,
        key=lambda one: (one["data"]["turn"], in_turn.get(one["type"], 0), -one["data"]["availableSeats"]),
    )


def undelivered() -> int:
    return int(Entry.documents.count_documents({"pending": {"$gt": ""}}))


def deliveries() -> Iterator[str]:
    """Every entry was delivered to each of its handlers, and what they keep is there once."""
    if left := undelivered():
        yield f"{left} entries were not delivered"
    seen: dict[str, list[int]] = defaultdict(list)
    for note in Notification.objects.order_by("recipient", "seq"):
        seen[note.recipient].append(note.seq)
    for recipient, numbers in seen.items():
        if numbers != list(range(1, len(numbers) + 1)):
            yield f"{recipient}: notifications {numbers[:5]} ... have gaps or repeats"


def notices() -> Iterator[str]:
    """Cancelled events have no booking and no line left, and each customer was told once."""
    for event in Event.objects.filter(status="CANCELLED"):
        left = Booking.objects.confirmed().filter(event=event).count()
        open_places = WaitlistEntry.objects.open().filter(event=event).count()
        if left or open_places:
            yield f"{event.pk}: cancelled, with {left} bookings and {open_places} places in line left"
        told = Counter(
            entry["subject"]
            for entry in Entry.documents.find({"type": "notice.event_cancelled", "data.eventId": event.pk})
        )
        yield from (f"{event.pk}: {customer} was told {count} times" for customer, count in told.items() if count > 1)


def summary() -> str:
    counts = Counter(Entry.objects.values_list("type", flat=True))
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
