"""The web pages: /console/ for organizers, /e/{id} for anyone. Their scripts are clients of the public API."""

from functools import partial
from zoneinfo import ZoneInfo

from csp.constants import NONE, SELF
from csp.decorators import csp
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from accounts.actors import AnonymousActor
from bookings.models import MAX_QUANTITY
from config.core.clock import iso, now
from config.core.errors import NotFound
from events.models import Event

DATE_FORMAT = "l, j F Y, H:i"


def policy() -> dict[str, list[str]]:
    """Return the Content-Security-Policy: own files only, nothing inline, sockets to where they are."""
    return {
        "default-src": [SELF],
        "connect-src": [SELF, *([settings.REALTIME_URL] if settings.REALTIME_URL else [])],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }


def page(request: HttpRequest, template: str, context: dict[str, object], *, status: int = 200) -> HttpResponseBase:
    """Return a page that its browser holds to the policy and asks for anew each time."""
    context = {"realtime_url": settings.REALTIME_URL, "currency": settings.CURRENCY, **context}
    render_page = partial(render, template_name=f"realtime/{template}.html", context=context, status=status)
    response = csp(policy())(render_page)(request)
    response["Referrer-Policy"] = "same-origin"
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def console(request: HttpRequest) -> HttpResponseBase:
    """The organizer's console. The page itself holds no data: its scripts read the API with the organizer's token."""
    return page(request, "console", {})


@require_safe
def event_page(request: HttpRequest, event_id: str) -> HttpResponseBase:
    """An event as anyone sees it. Drafts and hidden events are not found, not even by their owner."""
    try:
        event = Event.objects.with_organizer().get_visible(event_id, AnonymousActor())
    except NotFound:
        return page(request, "no_event", {}, status=404)
    context = {"event": event, "start": local_start(event), "max_quantity": MAX_QUANTITY, **sale_state(event)}
    return page(request, "event", context)


def local_start(event: Event) -> dict[str, str]:
    """Return the event's start in its own time zone: as a text, and in ISO 8601."""
    local = event.starts_at.astimezone(ZoneInfo(event.timezone))
    return {"text": date_format(local, DATE_FORMAT), "zone": event.timezone, "iso": iso(event.starts_at)}


def sale_state(event: Event) -> dict[str, bool]:
    cancelled = event.status == Event.Status.CANCELLED
    past = event.is_past(now())
    return {"cancelled": cancelled, "past": past, "on_sale": not cancelled and not past}
