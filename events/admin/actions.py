"""The actions of the event pages. Each calls the service that the API calls too."""

from collections.abc import Callable
from functools import partial

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.decorators import action

from accounts.admin.actor import actor_of_admin
from config.admin.links import changelist_link
from config.admin.model_admin import BaseAdmin
from config.admin.permissions import has_permission
from config.admin.reason_forms import ask_reason
from config.core.clock import now
from config.core.errors import Refusal
from events import lifecycle
from events.admin.forms import CancelForm
from events.models import Event
from events.moderation.decisions import ReviewedVersion, cancel_event

CANCEL_PAGE = {
    "title": "Cancel events",
    "button": "Cancel them",
    "explanation": "Nobody can book them any more. Their bookings are cancelled, and everyone who booked is notified. "
    "This cannot be undone.",
    "action": "cancel",
}


def saved_message(event: Event) -> str:
    return f"{event}: saved, now {event.status}."


def was_refused(request: HttpRequest) -> bool:
    return getattr(request, "refused", False)


def attempt(request: HttpRequest, change: Callable[[], Event], event: Event | None = None) -> None:
    """Make a change and show the outcome; ``was_refused`` then says whether it was refused."""
    try:
        changed = change()
    except Refusal as refusal:
        request.refused = True  # type: ignore[attr-defined]  # for was_refused
        messages.error(request, f"{event or 'Not saved'}: {refusal.detail}")
    else:
        messages.success(request, saved_message(changed))


class EventActions(BaseAdmin):
    """The actions of EventAdmin."""

    actions = ("publish", "cancel")
    actions_detail = ("moderate", "bookings")

    @admin.action(description="Publish drafts", permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Event]) -> None:
        by, at = actor_of_admin(request), now()
        for event in queryset:
            attempt(request, partial(lifecycle.publish_event, event_id=event.pk, by=by, now=at), event)

    @admin.action(description="Cancel: nothing can be booked any more", permissions=["change"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Event]) -> HttpResponse:
        def cancel(event: Event, form: CancelForm) -> str:
            by, reviewed = actor_of_admin(request), ReviewedVersion.of(event)
            return saved_message(
                cancel_event(event_id=event.pk, by=by, now=now(), reviewed=reviewed, **form.cleaned_data)
            )

        return ask_reason(request, self, list(queryset), form=CancelForm, page=CANCEL_PAGE, perform=cancel)

    @action(description="Moderate", url_path="moderate", permissions=["moderate"], icon="gavel")
    def moderate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return HttpResponseRedirect(reverse("moderation:item", args=[object_id]))

    @action(description="Bookings", url_path="bookings", permissions=["view"], icon="confirmation_number")
    def bookings(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return HttpResponseRedirect(changelist_link("bookings.booking", q=object_id))

    def has_moderate_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return has_permission(request, "events.moderate_event")
