"""Answers about events, through the cache where that cannot make them wrong."""

from collections.abc import Callable
from typing import Any

from accounts.callers import Anonymous, Caller
from config.errors import NotFound
from events import cache
from events.etags import etag_of, to_json
from events.models import Event
from events.serializers import EventSerializer, OwnEventSerializer

COUNTERS = ("availableSeats", "ticketsSold", "revenue")


def serializer_for(event: Event, caller: Caller | Anonymous) -> type[EventSerializer]:
    return OwnEventSerializer if caller.is_staff or event.is_owned_by(caller) else EventSerializer


def detail(*, event_id: str, caller: Caller | Anonymous) -> tuple[bytes, str]:
    """Return an event for this caller as JSON, and its ETag.

    Version, visibility and counters come from MongoDB each time; the rest from the cache under that version.

    Raises:
        NotFound: no such event, or not for this caller.
    """
    live = Event.objects.only(
        "id", "version", "organizer_id", "status", "hidden", "available_seats", "tickets_sold", "revenue"
    ).filter(pk=event_id).first()  # fmt: skip
    if live is None or not live.is_visible_to(caller):
        raise NotFound
    serializer = serializer_for(live, caller)
    key = cache.detail_key(event_id, live.version, serializer.__name__)
    data: dict[str, Any] | None = cache.read(key)
    if data is None:
        data = dict(serializer(Event.objects.with_organizer().get(pk=event_id)).data)
        cache.write(key, data, seconds=cache.DETAIL_SECONDS)
    body = to_json({**data, **counters(live, data)})
    return body, etag_of(body, version=live.version)


def counters(live: Event, data: dict[str, Any]) -> dict[str, Any]:
    values = {
        "availableSeats": live.available_seats,
        "ticketsSold": live.tickets_sold,
        "revenue": f"{live.revenue:.2f}",
    }
    return {name: value for name, value in values.items() if name in data}


def cached_page(query: str, make: Callable[[], dict[str, Any]]) -> tuple[bytes, str]:
    """Return the public list for a query string as JSON, and its ETag.

    At most a second old, and never older than a change. Kept as text: rendering a page costs more than all the rest.
    """
    key = cache.list_key(query)
    if kept := cache.read(key):
        return kept["page"].encode(), kept["etag"]
    page = to_json(make())
    etag = etag_of(page)
    cache.write(key, {"page": page.decode(), "etag": etag}, seconds=cache.LIST_SECONDS)
    return page, etag


def availability(*, event_id: str, caller: Caller | Anonymous) -> dict[str, Any]:
    """Return the seats of an event as they are now.

    Raises:
        NotFound: no such event, or not for this caller.
    """
    event = Event.objects.filter(pk=event_id).first()
    if event is None or not event.is_visible_to(caller):
        raise NotFound
    return {
        "totalSeats": event.total_seats,
        "availableSeats": event.available_seats,
        "status": event.status,
        "waitlistLength": 0,  # nobody can wait yet
    }
