"""Events in the admin. Edits go through events/editing.py; the fields of the seat ledger are read-only."""

from functools import partial

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from accounts.admin.actor import actor_of_admin
from config.admin.filters import DayFilter
from config.admin.model_admin import IndexedSearch
from config.core.clock import now
from events.admin.actions import EventActions, attempt, was_refused
from events.admin.forms import EventForm
from events.editing import update_event
from events.field_values import EDITABLE
from events.models import Event
from events.querysets import EventQuerySet
from journal.history import WithHistory


@admin.register(Event)
class EventAdmin(WithHistory, IndexedSearch, EventActions):
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
    search_help_text = "The id of an event or organizer, or beginnings of words in title, description or venue"
    ordering = ("-created_at", "-id")
    sortable_by = ("starts_at", "tickets_sold", "revenue")  # the orders that an index serves
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
        """Only organizers create events."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Bookings and journal entries refer to their events for good: cancel an event instead."""
        return False

    def get_queryset(self, request: HttpRequest) -> EventQuerySet:
        return Event.objects.in_every_state()

    def find(self, queryset: QuerySet[Event], term: str) -> QuerySet[Event]:
        """Find events by their id, their organizer's id or by words."""
        field = {"EVT-": "pk", "USR-": "organizer"}.get(term.upper()[:4])
        if field:
            return queryset.filter(**{field: term.upper()})
        return queryset.matching(term)  # type: ignore[attr-defined]  # EventQuerySet

    def save_model(self, request: HttpRequest, obj: Event, form: EventForm, change: bool) -> None:
        by, versions = actor_of_admin(request), frozenset([form.cleaned_data["version"]])
        attempt(
            request,
            partial(update_event, event_id=obj.pk, by=by, changes=form.changes(), now=now(), versions=versions),
        )

    def log_change(self, request: HttpRequest, obj: Event, message: object) -> object:
        """Keep a refused change out of the event's history."""
        return None if was_refused(request) else super().log_change(request, obj, message)

    def response_change(self, request: HttpRequest, obj: Event) -> HttpResponse:
        """After a refusal show the event again, without Django's message that it was saved."""
        if was_refused(request):
            return HttpResponseRedirect(request.get_full_path())
        response: HttpResponse = super().response_change(request, obj)
        return response
