"""/admin/moderation/: the queue, and the page of one event where a moderator decides."""

from collections.abc import Mapping
from functools import partial

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
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
from events.moderation.cancellation_preview import preview_cancellation
from events.moderation.change_comparison import compare
from events.moderation.decision_actions import ACTIONS, perform
from events.moderation.flagging_rules import explain_flags
from events.moderation.forms import REASONS, BulkForm, DecisionForm, error_text
from events.moderation.queue_queries import find_next, newest_reports, queue_tabs
from events.moderation.reasons import MAX_TEXT, Cause

PAGE_SIZE = 25
VIEW, MODERATE = "events.view_event", "events.moderate_event"

requires_view = permission_required(VIEW, raise_exception=True)


@requires_view
@require_http_methods(["GET", "POST"])
def queue_page(request: HttpRequest) -> HttpResponse:
    """GET shows the queue, oldest first; POST decides about the chosen events."""
    if request.method == "POST":
        require_moderator(request)
        decide_in_bulk(request)
        return HttpResponseRedirect(request.get_full_path())
    cause = chosen_cause(request)
    events = Event.objects.queued(cause).with_organizer().oldest_first()
    page = BoundedPaginator(events, PAGE_SIZE).get_page(request.GET.get("p"))
    return render(request, "queue", {"title": "Moderation queue", "tabs": queue_tabs(cause), "page": page})


@requires_view
@require_http_methods(["GET", "POST"])
def item_page(request: HttpRequest, event_id: str) -> HttpResponse:
    """GET shows an event with its flags, reports and changes; POST decides about it."""
    event = get_event_or_404(event_id)
    if request.method == "GET":
        return render_item(request, event)
    require_moderator(request)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, error_text(form))
        return render_item(request, event, form, status=400)
    if form.cleaned_data["action"] == "cancel" and not form.cleaned_data["confirmed"]:
        return render_cancellation(request, event, form)
    return decide(request, event, form)


@requires_view
def next_page(request: HttpRequest, event_id: str = "") -> HttpResponse:
    """Redirect to the event after this one, or to the first."""
    return redirect_to_next(request, get_event_or_404(event_id) if event_id else None)


def decide(request: HttpRequest, event: Event, form: DecisionForm) -> HttpResponse:
    """Decide and go on to the next event; after a refusal show this event as it is now, with the posted text."""
    action, by = form.cleaned_data["action"], actor_of_admin(request)
    try:
        done = perform(action, event_id=event.pk, by=by, now=now(), reviewed=form.reviewed(), **form.explanation())
    except Refusal as refusal:
        messages.error(request, refusal.detail)
        return render_item(request, get_event_or_404(event.pk), form, status=refusal.status)
    messages.success(request, done)
    if ACTIONS[action].stays_open:
        return HttpResponseRedirect(item_url(event.pk, chosen_cause(request)))
    return redirect_to_next(request, event)


def decide_in_bulk(request: HttpRequest) -> None:
    """Decide about each chosen event; a refusal of one does not stop the others."""
    form = BulkForm(request.POST)
    if not form.is_valid():
        messages.error(request, error_text(form))
        return
    action, by = form.cleaned_data["action"], actor_of_admin(request)
    for event_id, reviewed in form.reviewed().items():
        decision = partial(
            perform, action, event_id=event_id, by=by, now=now(), reviewed=reviewed, **form.explanation()
        )
        perform_one(request, event_id, decision)


def render_item(
    request: HttpRequest, event: Event, form: DecisionForm | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "title": event.title,
        "event": event,
        "organizer_page": reverse("admin:accounts_user_change", args=[event.organizer_id]),
        "causes": [Cause(name).label for name in event.queue],
        "flags": explain_flags(event),
        "reports": newest_reports(event),
        "rows": compare(event),
        "posted": form.data if form else {"action": ""},
    }
    return render(request, "item", context, status)


def render_cancellation(request: HttpRequest, event: Event, form: DecisionForm) -> HttpResponse:
    """Show what a cancellation would end, and ask the moderator to confirm it."""
    context = {
        "title": f"Cancel {event.title}?",
        "event": event,
        "preview": preview_cancellation(event),
        "currency": settings.CURRENCY,
        "posted": form.data,
    }
    return render(request, "cancel", context)


def render(request: HttpRequest, template: str, context: Mapping[str, object], status: int = 200) -> HttpResponse:
    shared = {
        **admin.site.each_context(request),
        "may_decide": may_decide(request),
        "reasons": REASONS,
        "max_text": MAX_TEXT,
        "cause": chosen_cause(request),
        "cause_query": cause_query(chosen_cause(request)),
    }
    return TemplateResponse(request, f"events/moderation/{template}.html", {**shared, **context}, status=status)


def redirect_to_next(request: HttpRequest, event: Event | None) -> HttpResponse:
    """Redirect to the event after this one with the same cause, or to the queue after the last."""
    cause = chosen_cause(request)
    following = find_next(event, cause)
    if following is None:
        messages.info(request, "That was the last one.")
        return HttpResponseRedirect(reverse("moderation:queue") + cause_query(cause))
    return HttpResponseRedirect(item_url(following.pk, cause))


def item_url(event_id: str, cause: str) -> str:
    return reverse("moderation:item", args=[event_id]) + cause_query(cause)


def cause_query(cause: str) -> str:
    return f"?{urlencode({'cause': cause})}" if cause else ""


def chosen_cause(request: HttpRequest) -> str:
    """Return the cause that filters the queue; an unknown one counts as none."""
    cause = request.GET.get("cause", "")
    return cause if cause in Cause.values else ""


def get_event_or_404(event_id: str) -> Event:
    return get_object_or_404(Event.objects.with_organizer(), pk=event_id)


def require_moderator(request: HttpRequest) -> None:
    if not may_decide(request):
        raise PermissionDenied


def may_decide(request: HttpRequest) -> bool:
    return has_permission(request, MODERATE)
