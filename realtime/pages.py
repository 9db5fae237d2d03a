"""The pages: /console/ for organizers, /e/{id} for anyone. They call the API as every other client does."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from accounts.callers import Anonymous
from bookings.models import MAX_QUANTITY
from config.clock import iso, now
from config.errors import NotFound
from events.models import Event
from events.reads import find_visible

WHEN = "l, j F Y, H:i"


def policy() -> str:
    """Return the Content-Security-Policy: own files only, nothing inline, sockets to where they are."""
    connect = " ".join(["'self'", *([settings.REALTIME_URL] if settings.REALTIME_URL else [])])
    return (
        f"default-src 'self'; connect-src {connect}; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    )


def page(request: HttpRequest, template: str, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    """Return a page that its browser holds to the policy and asks for anew each time."""
    context = {"realtime_url": settings.REALTIME_URL, "currency": settings.CURRENCY, **context}
    response = render(request, f"realtime/{template}.html", context, status=status)
    response["Content-Security-Policy"] = policy()
    response["Referrer-Policy"] = "same-origin"
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def console(request: HttpRequest) -> HttpResponse:
    """The organizer's console. Holds nobody's data: the page asks the API for it, with the organizer's token."""
    return page(request, "console", {})


@require_safe
def event_page(request: HttpRequest, event_id: str) -> HttpResponse:
    """An event as anyone sees it; drafts and hidden ones are not there, not even for their owner."""
    try:
        event = find_visible(Event.objects.with_organizer(), event_id, Anonymous())
    except NotFound:
        return page(request, "no_event", {}, status=404)
    shown = {"event": event, "when": when(event), "max_quantity": MAX_QUANTITY, **state_of(event)}
    return page(request, "event", shown)


def when(event: Event) -> dict[str, str]:
    """Return the event's date in the event's own zone: for people, and for programs."""
    local = event.starts_at.astimezone(ZoneInfo(event.timezone))
    return {"text": date_format(local, WHEN), "zone": event.timezone, "iso": iso(event.starts_at)}


def state_of(event: Event) -> dict[str, object]:
    """Return whether seats are for sale, and why not."""
    cancelled = event.status == Event.Status.CANCELLED
    past = event.is_past(now())
    return {"cancelled": cancelled, "past": past, "on_sale": not cancelled and not past}
