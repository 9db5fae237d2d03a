"""JSON responses about events, with an ETag."""

from django.http import HttpResponse
from rest_framework.request import Request

from events.etags import etag_of, is_fresh, to_json
from events.models import Event
from events.serializers import OwnEventSerializer


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
