"""/admin/moderation/: the queue, and one event of it with the decision. Every write goes through the services."""

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from accounts.admin.actor import actor_of_admin
from config.admin.model_admin import BoundedPaginator
from config.admin.permissions import has_permission
from config.admin.reason_forms import perform_one
from config.core.clock import now
from config.core.errors import Refusal
from events.models import Event
from events.moderation import queue_queries, rules
from events.moderation.cancellation_preview import preview_cancellation
from events.moderation.change_comparison import compare
from events.moderation.decision_actions import ACTIONS, perform
from events.moderation.forms import REASONS, BulkForm, DecisionForm, faults_of
from events.moderation.reasons import MAX_TEXT, Cause

PAGE = 25
LOOK, DECIDE = "events.view_event", "events.moderate_event"

may_look = permission_required(LOOK, raise_exception=True)


@may_look
@require_http_methods(["GET", "POST"])
def queue_page(request: HttpRequest) -> HttpResponse:
    """What waits, oldest first; POST decides about several at once."""
    if request.method == "POST":
        refuse_lookers(request)
        decide_in_bulk(request)
        return HttpResponseRedirect(request.get_full_path())
    cause = cause_of(request)
    page = BoundedPaginator(Event.objects.queued(cause).with_organizer().oldest_first(), PAGE).get_page(
        request.GET.get("p")
    )
    return render(request, "queue", {"title": "Moderation queue", "tabs": queue_queries.tabs(cause), "page": page})


@may_look
@require_http_methods(["GET", "POST"])
def item_page(request: HttpRequest, event_id: str) -> HttpResponse:
    """One event with all that speaks for and against it; POST decides."""
    event = find(event_id)
    if request.method == "GET":
        return show(request, event)
    refuse_lookers(request)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, faults_of(form))
        return show(request, event, form, status=400)
    if form.cleaned_data["action"] == "cancel" and not form.cleaned_data["confirmed"]:
        return confirm(request, event, form)
    return decide(request, event, form)


@may_look
def next_page(request: HttpRequest, event_id: str = "") -> HttpResponse:
    """Go to what comes after an event, or to the first; back to the list where nothing does."""
    return go_on(request, find(event_id) if event_id else None)


def decide(request: HttpRequest, event: Event, form: DecisionForm) -> HttpResponse:
    """Do it and go on to the next event; a refusal shows this one again, as it is now, with what was written."""
    action = form.cleaned_data["action"]
    try:
        done = perform(action, event_id=event.pk, by=actor_of_admin(request), now=now(), seen=form.seen(), **form.why())
    except Refusal as refusal:
        messages.error(request, refusal.detail)
        return show(request, find(event.pk), form, status=refusal.status)
    messages.success(request, done)
    stays = ACTIONS[action].stays
    return HttpResponseRedirect(address(event.pk, cause_of(request))) if stays else go_on(request, event)


def decide_in_bulk(request: HttpRequest) -> None:
    form = BulkForm(request.POST, chosen=request.POST.getlist("chosen"))
    if not form.is_valid():
        messages.error(request, faults_of(form))
        return
    action = form.cleaned_data["action"]
    for event_id, seen in form.cleaned_data["chosen"].items():
        work = partial(
            perform, action, event_id=event_id, by=actor_of_admin(request), now=now(), seen=seen, **form.why()
        )
        perform_one(request, event_id, work)


def show(request: HttpRequest, event: Event, form: DecisionForm | None = None, status: int = 200) -> HttpResponse:
    context = {
        "title": event.title,
        "event": event,
        "organizer_page": reverse("admin:accounts_user_change", args=[event.organizer_id]),
        "causes": [Cause(name).label for name in event.queue],
        "flags": rules.explained(event),
        "reports": queue_queries.reports_of(event),
        "rows": compare(event),
        "written": form.data if form else {"action": ""},
    }
    return render(request, "item", context, status)


def confirm(request: HttpRequest, event: Event, form: DecisionForm) -> HttpResponse:
    """Show what a cancellation would do, and ask once more."""
    context = {
        "title": f"Cancel {event.title}?",
        "event": event,
        "preview": preview_cancellation(event),
        "currency": settings.CURRENCY,
        "written": form.data,
    }
    return render(request, "cancel", context)


def render(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Answer with a page; all of them know the reasons, and go on among what the queue is filtered by."""
    shared = {
        **admin.site.each_context(request),
        "may_decide": may_decide(request),
        "reasons": REASONS,
        "longest": MAX_TEXT,
        "cause": cause_of(request),
        "cause_query": query_of(cause_of(request)),
    }
    return TemplateResponse(request, f"events/moderation/{template}.html", {**shared, **context}, status=status)


def go_on(request: HttpRequest, event: Event | None) -> HttpResponse:
    cause = cause_of(request)
    following = queue_queries.find_next(event, cause)
    if following is None:
        messages.info(request, "That was the last one.")
    return HttpResponseRedirect(address(following.pk if following else "", cause))


def address(event_id: str, cause: str) -> str:
    page = reverse("moderation:item", args=[event_id]) if event_id else reverse("moderation:queue")
    return page + query_of(cause)


def query_of(cause: str) -> str:
    return f"?{urlencode({'cause': cause})}" if cause else ""


def cause_of(request: HttpRequest) -> str:
    """Return the cause that the queue is filtered by; anything else means every cause."""
    asked = request.GET.get("cause", "")
    return asked if asked in Cause.values else ""


def find(event_id: str) -> Event:
    event: Event | None = Event.objects.with_organizer().filter(pk=event_id).first()
    if event is None:
        raise Http404
    return event


def refuse_lookers(request: HttpRequest) -> None:
    if not may_decide(request):
        raise PermissionDenied


def may_decide(request: HttpRequest) -> bool:
    return has_permission(request, DECIDE)
