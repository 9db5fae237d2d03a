"""Counts what a cancellation would end, for the page that asks a moderator to confirm it."""

from collections.abc import Callable

from events.models import Event

counters: list[Callable[[str], dict[str, int]]] = []  # called with the event's id; apps that hold more add theirs


def preview_cancellation(event: Event) -> dict[str, object]:
    """Return ``{seats, money, waiting, bookings, customers}``; the app bookings counts the last two."""
    counted: dict[str, object] = {"seats": event.tickets_sold, "money": event.revenue, "waiting": event.waitlist_length}
    for count in counters:
        counted |= count(event.pk)
    return counted
