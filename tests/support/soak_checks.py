"""What must hold after any interleaving of everything."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import cast

from bookings.models import Booking, WaitlistEntry
from bookings.seats import consistency
from bookings.waitlist.journal_entries import WaitlistData, WaitlistStep
from config.core.clock import now
from events.models import Event
from journal.documents import EntryDocument
from journal.models import Entry
from realtime.models import Notification


def faults() -> list[str]:
    return [
        *seats_that_do_not_add_up(),
        *conversions_without_booking(),
        *bookings_with_wrong_entries(),
        *oversold_events(),
        *entries_passed_over(),
        *undelivered_entries(),
        *gaps_in_notifications(),
        *leftovers_of_cancelled_events(),
    ]


def seats_that_do_not_add_up() -> Iterator[str]:
    for found in consistency.check_events(now=now()):
        yield from map(str, found)


def conversions_without_booking() -> Iterator[str]:
    """A converted waitlist entry has one booking, of its own customer and size."""
    for entry in WaitlistEntry.objects.filter(status="CONVERTED"):
        booking = Booking.objects.filter(pk=entry.booking_id).first()
        if booking is None or (booking.qty, booking.customer_id) != (entry.qty, entry.customer_id):
            yield f"{entry.id}: converted into {booking}"


def bookings_with_wrong_entries() -> Iterator[str]:
    """Each booking has one entry of its creation, and one of its cancellation if it is cancelled."""
    created = Counter(Entry.objects.filter(type="booking.created").values_list("subject", flat=True))
    cancelled = Counter(Entry.objects.filter(type="booking.cancelled").values_list("subject", flat=True))
    for booking in Booking.objects.real():
        expected = (1, 1 if booking.status == "CANCELLED" else 0)
        if (created[booking.pk], cancelled[booking.pk]) != expected:
            yield f"{booking.pk}: {booking.status}, entries {created[booking.pk]} and {cancelled[booking.pk]}"


def oversold_events() -> Iterator[str]:
    sold: dict[str, int] = defaultdict(int)
    for booking in Booking.objects.confirmed():
        sold[booking.event_id] += booking.qty
    for event in Event.objects.all():
        if sold[event.pk] > event.total_seats:
            yield f"{event.pk}: {sold[event.pk]} seats sold of {event.total_seats}"


def entries_passed_over() -> Iterator[str]:
    """The order of each waitlist was kept: no entry was passed over that fitted into the free seats."""
    for event_id in Event.objects.values_list("pk", flat=True):
        yield from replay(event_id)


def replay(event_id: str) -> Iterator[str]:
    """Repeat the changes of a waitlist from its journal entries."""
    waiting: dict[str, WaitlistData] = {}
    for step in steps(event_id):
        data = cast("WaitlistData", step["data"])
        if step["type"] == WaitlistStep.JOINED:
            waiting[data["id"]] = data
        elif step["type"] == WaitlistStep.OFFERED:
            free = data["availableSeats"] + data["qty"]  # just before the offer
            offered = waiting.pop(data["id"])
            for other in waiting.values():
                if other["place"] < offered["place"] and other["qty"] <= free:
                    yield f"{event_id}: {data['id']} was preferred to {other['id']}, which fitted into {free} seats"
        else:
            waiting.pop(data["id"], None)


def steps(event_id: str) -> list[EntryDocument]:
    """Return the waitlist's journal entries by transaction, and within a transaction as they were written.

    Offers come last in a transaction, and the first offer leaves the most seats.
    """
    found = Entry.documents.find({"type": {"$in": list(WaitlistStep)}, "data.eventId": event_id})
    return sorted(
        found,
        key=lambda step: (
            step["data"]["seatTransaction"], step["type"] == WaitlistStep.OFFERED, -step["data"]["availableSeats"]
        ),
    )  # fmt: skip


def count_undelivered() -> int:
    return int(Entry.documents.count_documents({"pending": {"$gt": ""}}))


def undelivered_entries() -> Iterator[str]:
    if left := count_undelivered():
        yield f"{left} entries were not delivered"


def gaps_in_notifications() -> Iterator[str]:
    """The notifications of each user are numbered without gaps and repeats."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for notification in Notification.objects.order_by("recipient", "seq"):
        numbers[notification.recipient].append(notification.seq)
    for recipient, found in numbers.items():
        if found != list(range(1, len(found) + 1)):
            yield f"{recipient}: notifications {found[:5]} ... have gaps or repeats"


def leftovers_of_cancelled_events() -> Iterator[str]:
    """Cancelled events have neither bookings nor open waitlist entries, and each customer got one notice."""
    for event in Event.objects.filter(status="CANCELLED"):
        left = Booking.objects.confirmed().filter(event=event).count()
        waiting = WaitlistEntry.objects.open().filter(event=event).count()
        if left or waiting:
            yield f"{event.pk}: cancelled, with {left} bookings and {waiting} open waitlist entries left"
        notices = Counter(
            entry["subject"]
            for entry in Entry.documents.find({"type": "notice.event_cancelled", "data.eventId": event.pk})
        )
        yield from (f"{event.pk}: {customer} got {count} notices" for customer, count in notices.items() if count > 1)


def summary() -> str:
    counts = Counter(Entry.objects.values_list("type", flat=True))
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
