"""JSON responses about events, with an ETag, and from the cache wherever a cached value is still right."""

import time
from collections.abc import Callable, Mapping

from django.http import HttpResponse
from rest_framework.request import Request

from accounts.actors import Actor, AnonymousActor
from events import response_cache
from events.etags import etag_of, is_fresh, to_json
from events.models import Event
from events.serializers import EventSerializer, OwnEventSerializer
from events.single_flight import SingleFlight


def tagged_response(request: Request, body: bytes, etag: str, status: int = 200) -> HttpResponse:
    """Return the body, or 304 without it to a client that has it already."""
    fresh = request.method in ("GET", "HEAD") and is_fresh(request, etag)
    response = HttpResponse(b"" if fresh else body, status=304 if fresh else status, content_type="application/json")
    response["ETag"], response["Cache-Control"], response["Vary"] = etag, "no-cache", "Authorization"
    return response


def own_event_response(request: Request, event: Event, status: int = 200) -> HttpResponse:
    """Return an event as its owner sees it, after a change."""
    body = to_json(OwnEventSerializer(event).data)
    return tagged_response(request, body, etag_of(body, version=event.version), status)


FRESH_FIELDS = ("id", "version", "organizer_id", "status", "hidden", "available_seats", "tickets_sold", "revenue")


single_flight = SingleFlight[tuple[bytes, str]]()


def cached_detail(*, event_id: str, actor: Actor | AnonymousActor) -> tuple[bytes, str]:
    """Return an event for this actor as JSON, and its ETag.

    Version, visibility and counters come from MongoDB each time; the rest from the cache under that version.

    Raises:
        NotFound: no event that this actor sees.
    """
    event = Event.objects.only(*FRESH_FIELDS).get_visible(event_id, actor)
    cached = response_cache.read_detail(detail_key(event, actor))
    if cached is None:
        # read again as a whole: the event may have changed since, and all fields must be of the same moment
        event = Event.objects.with_organizer().get_visible(event_id, actor)
        cached = dict(serializer_for(event, actor)(event).data)
        response_cache.write_detail(detail_key(event, actor), cached)
    body = to_json({**cached, **fresh_counters(event, cached)})
    return body, etag_of(body, version=event.version)


def serializer_for(event: Event, actor: Actor | AnonymousActor) -> type[EventSerializer]:
    return OwnEventSerializer if actor.is_staff or event.is_owned_by(actor) else EventSerializer


def detail_key(event: Event, actor: Actor | AnonymousActor) -> str:
    return response_cache.detail_key(event.pk, event.version, serializer_for(event, actor).__name__)


def fresh_counters(event: Event, cached: Mapping[str, object]) -> dict[str, object]:
    """Return the counters of the event, as far as the cached body has them."""
    counters: dict[str, object] = {
        "availableSeats": event.available_seats,
        "ticketsSold": event.tickets_sold,
        "revenue": f"{event.revenue:.2f}",
    }
    return {name: value for name, value in counters.items() if name in cached}


def cached_page(query: str, make: Callable[[], Mapping[str, object]]) -> tuple[bytes, str]:
    """Return the public list for a query string as JSON, and its ETag.

    It is at most a second old, and never older than the last change of an event. The cache holds the JSON text:
    rendering a page costs more than everything else.
    """
    key = response_cache.list_key(query)
    if cached := response_cache.read_page(key):
        return cached["page"].encode(), cached["etag"]
    return single_flight.run(key, lambda: fresh_page(key, make)) if key else fresh_page(key, make)


def fresh_page(key: str | None, make: Callable[[], Mapping[str, object]]) -> tuple[bytes, str]:
    """Make a page and cache it until its data, which is as old as the start of the read, is a second old."""
    started = time.monotonic()
    page = to_json(make())
    etag = etag_of(page)
    age = time.monotonic() - started
    response_cache.write_page(key, {"page": page.decode(), "etag": etag}, age=age)
    return page, etag
