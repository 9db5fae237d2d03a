"""Answers about events, through the cache where that cannot make them wrong."""

import time
from collections.abc import Callable
from typing import Any

from accounts.actors import Actor, AnonymousActor
from config.core.errors import NotFound
from events import cache
from events.etags import etag_of, to_json
from events.models import Event, EventQuerySet
from events.serializers import EventSerializer, OwnEventSerializer
from events.single_flight import SingleFlight

LIVE = ("id", "version", "organizer_id", "status", "hidden", "available_seats", "tickets_sold", "revenue")

single_flight = SingleFlight[tuple[bytes, str]]()


def detail(*, event_id: str, caller: Actor | AnonymousActor) -> tuple[bytes, str]:
    """Return an event for this caller as JSON, and its ETag.

    Version, visibility and counters come from MongoDB each time; the rest from the cache under that version.

    Raises:
        NotFound: no such event, or not for this caller.
    """
    live = find_visible(Event.objects.only(*LIVE), event_id, caller)
    kept: dict[str, Any] | None = cache.read(key_of(live, caller))
    if kept is None:
        live = find_visible(Event.objects.with_organizer(), event_id, caller)  # it may have changed: one moment for all
        kept = dict(serializer_for(live, caller)(live).data)
        cache.write(key_of(live, caller), kept, seconds=cache.DETAIL_SECONDS)
    body = to_json({**kept, **counters(live, kept)})
    return body, etag_of(body, version=live.version)


def find_visible(events: EventQuerySet, event_id: str, caller: Actor | AnonymousActor) -> Event:
    event = events.filter(pk=event_id).first()
    if event is None or not event.is_visible_to(caller):
        raise NotFound
    return event


def serializer_for(event: Event, caller: Actor | AnonymousActor) -> type[EventSerializer]:
    return OwnEventSerializer if caller.is_staff or event.is_owned_by(caller) else EventSerializer


def key_of(event: Event, caller: Actor | AnonymousActor) -> str:
    return cache.detail_key(event.pk, event.version, serializer_for(event, caller).__name__)


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
    return single_flight.run(key, lambda: fresh_page(key, make)) if key else fresh_page(key, make)


def fresh_page(key: str | None, make: Callable[[], dict[str, Any]]) -> tuple[bytes, str]:
    """Make a page and keep it until what it was read from is a second old."""
    started = time.monotonic()
    page = to_json(make())
    etag = etag_of(page)
    age = time.monotonic() - started
    cache.write(key, {"page": page.decode(), "etag": etag}, seconds=cache.LIST_SECONDS - age)
    return page, etag


def availability(*, event_id: str, caller: Actor | AnonymousActor) -> dict[str, Any]:
    """Return the seats of an event as they are now.

    Raises:
        NotFound: no such event, or not for this caller.
    """
    event = find_visible(Event.objects.all(), event_id, caller)
    return {
        "totalSeats": event.total_seats,
        "availableSeats": event.available_seats,
        "status": event.status,
        "waitlistLength": event.waitlist_length,
    }
