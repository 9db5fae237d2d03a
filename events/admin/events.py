"""Events in the admin. Every write goes through events.versioned_change; the ledger's fields are read-only."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.decorators import action

from accounts.admin.actor import actor_of_admin
from config.admin.filters import DayFilter
from config.admin.links import changelist_link
from config.admin.model_admin import BaseAdmin, IndexedSearch, ReadOnlyAdmin
from config.admin.permissions import has_permission
from config.admin.reason_forms import ReasonForm, ask_reason
from config.core.clock import now
from config.core.errors import Refusal
from events import editing, lifecycle
from events.editable_fields import EDITABLE
from events.models import Event, Report
from events.moderation import decisions as moderation
from events.moderation.reasons import DecisionReason
from journal.history import WithHistory


def saved(event: Event) -> str:
    return f"{event}: saved, now {event.status}."


def was_refused(request: HttpRequest) -> bool:
    return getattr(request, "refused", False)


class EventForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """Carries the version that was read, so that two editors can't undo each other."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Event
        fields = EDITABLE

    def clean_description(self) -> str:
        """Undo what browsers do to line breaks, or every edit would change the description too."""
        return str(self.cleaned_data["description"]).replace("\r\n", "\n")


class CancelForm(ReasonForm):
    reasons = [choice for choice in DecisionReason.choices if choice[0] != DecisionReason.OTHER]


def cancel_as(request: HttpRequest) -> Callable[[Event, Any], str]:
    def cancel(event: Event, form: CancelForm) -> str:
        seen = moderation.ReviewedVersion.of(event)
        return saved(
            moderation.cancel_event(
                event_id=event.pk, by=actor_of_admin(request), now=now(), seen=seen, **form.cleaned_data
            )
        )

    return cancel


@admin.register(Event)
class EventAdmin(WithHistory, IndexedSearch, BaseAdmin):
    form = EventForm
    list_display = (
        "title",
        "organizer",
        "city",
        "starts_at",
        "status",
        "hidden",
        "tickets_sold",
        "total_seats",
        "revenue",
    )
    list_filter = ("status", "hidden", ("starts_at", DayFilter))
    list_select_related = ("organizer",)
    search_fields = ("=id", "title_key")
    search_help_text = "An event's or its organizer's id, or beginnings of words in title, description or venue"
    ordering = ("-created_at", "-id")
    sortable_by = ("starts_at", "tickets_sold", "revenue")  # the orders that an index serves
    actions = ("publish", "cancel")
    actions_detail = ("moderate", "bookings")
    readonly_fields = (
        "id", "organizer", "status", "hidden", "hidden_reason", "published_at", "cancelled_at", "cancel_reason",
        "created_at", "updated_at", "available_seats", "held_seats", "tickets_sold", "revenue",
    )  # fmt: skip
    fieldsets = (
        (None, {"fields": ("id", "organizer", "status", "version", *EDITABLE)}),
        ("Seats and money", {"fields": ("available_seats", "held_seats", "tickets_sold", "revenue")}),
        ("Moderation", {"fields": ("hidden", "hidden_reason", "cancel_reason")}),
        ("Dates", {"fields": ("published_at", "cancelled_at", "created_at", "updated_at")}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Organizers make events."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Bookings and the journal name their events for good: cancel instead."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        return Event.objects.in_every_state()

    def find(self, queryset: QuerySet[Event], term: str) -> QuerySet[Event]:
        """Find by id or by words."""
        field = {"EVT-": "pk", "USR-": "organizer"}.get(term.upper()[:4])
        if field:
            return queryset.filter(**{field: term.upper()})
        return queryset.matching(term)  # type: ignore[attr-defined]  # EventQuerySet

    def save_model(self, request: HttpRequest, obj: Event, form: Any, change: bool) -> None:
        changes = {name: form.cleaned_data[name] for name in form.changed_data if name in EDITABLE}
        versions = frozenset([form.cleaned_data["version"]])
        self.attempt(
            request,
            lambda: editing.update_event(
                event_id=obj.pk, by=actor_of_admin(request), changes=changes, now=now(), versions=versions
            ),
        )

    def log_change(self, request: HttpRequest, obj: Event, message: Any) -> Any:
        """Keep a refused change out of the event's history."""
        return None if was_refused(request) else super().log_change(request, obj, message)

    def response_change(self, request: HttpRequest, obj: Event) -> Any:
        """After a refusal show the event as it is; the success that the admin would announce did not happen."""
        return (
            HttpResponseRedirect(request.get_full_path())
            if was_refused(request)
            else super().response_change(request, obj)
        )

    @admin.action(description="Publish drafts", permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Event]) -> None:
        self.apply_to_each(request, queryset, lifecycle.publish_event)

    @admin.action(description="Cancel: nothing can be booked any more", permissions=["change"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Event]) -> HttpResponse:
        page = {
            "title": "Cancel events",
            "button": "Cancel them",
            "explanation": "Nothing can be booked any more; bookings end and everyone is told. This cannot be undone.",
            "action": "cancel",
        }
        return ask_reason(request, self, list(queryset), form=CancelForm, page=page, perform=cancel_as(request))

    @action(description="Moderate", url_path="moderate", permissions=["moderate"], icon="gavel")
    def moderate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return HttpResponseRedirect(reverse("moderation:item", args=[object_id]))

    @action(description="Bookings", url_path="bookings", permissions=["view"], icon="confirmation_number")
    def bookings(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return HttpResponseRedirect(changelist_link("bookings.booking", q=object_id))

    def has_moderate_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return has_permission(request, "events.moderate_event")

    def apply_to_each(self, request: HttpRequest, queryset: QuerySet[Event], service: Callable[..., Event]) -> None:
        for event in queryset:
            self.attempt(request, partial(service, event_id=event.pk, by=actor_of_admin(request), now=now()), event)

    def attempt(self, request: HttpRequest, work: Callable[[], Event], event: Event | None = None) -> None:
        """Do it, and tell the moderator how it went."""
        try:
            done = work()
        except Refusal as refusal:
            request.refused = True  # type: ignore[attr-defined]  # for was_refused
            messages.error(request, f"{event or 'Not saved'}: {refusal.detail}")
        else:
            messages.success(request, saved(done))


@admin.register(Report)
class ReportAdmin(IndexedSearch, ReadOnlyAdmin):
    """What customers reported; it is decided about in the queue."""

    list_display = ("created_at", "event", "customer", "reason", "text")
    list_display_links = ("created_at",)
    list_select_related = ("event", "customer")
    list_filter = (("created_at", DayFilter),)
    search_fields = ("=id",)
    search_help_text = "A report's, an event's or a customer's id"
    ordering = ("-created_at", "-id")
    sortable_by = ("created_at",)  # the one order that an index serves

    def find(self, queryset: QuerySet[Any], term: str) -> QuerySet[Any]:
        field = {"RPT-": "pk", "EVT-": "event", "USR-": "customer"}.get(term.upper()[:4])
        return queryset.filter(**{field: term.upper()}) if field else queryset.none()
