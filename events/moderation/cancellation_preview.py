"""What a cancellation would do. Those who hang on events count themselves."""

from collections.abc import Callable

from events.models import Event

counters: list[Callable[[str], dict[str, int]]] = []  # called with the id; apps that know of more add theirs


def preview_cancellation(event: Event) -> dict[str, object]:
    """Return ``{seats, money, bookings, customers, waiting}``; the last three come from the app of bookings."""
    counted: dict[str, object] = {"seats": event.tickets_sold, "money": event.revenue, "waiting": event.waitlist_length}
    for count in counters:
        counted |= count(event.pk)
    return counted
