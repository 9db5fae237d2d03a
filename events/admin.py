"""Events in the admin. Every write goes through events.services; the ledger's fields are read-only."""

from collections.abc import Callable
from functools import partial
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.callers import Caller
from accounts.models import User
from config.clock import now
from config.errors import Refusal
from events import services
from events.models import Event, fold


def moderator_of(request: HttpRequest) -> Caller:
    return cast("User", request.user).as_caller()


class EventForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """Carries the version that was read, so that two editors can't undo each other."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    total_seats = forms.IntegerField(min_value=1)

    class Meta:
        model = Event
        fields = services.EDITABLE


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in the stubs only
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
    list_filter = ("status", "hidden", "starts_at")
    list_select_related = ("organizer",)
    search_fields = ("=id", "title_key")
    search_help_text = "An event's id, or words its title begins with"
    ordering = ("-created_at", "-id")
    show_full_result_count = False
    actions = ("publish", "cancel")
    readonly_fields = (
        "id", "organizer", "status", "hidden", "hidden_reason", "published_at", "cancelled_at", "cancel_reason",
        "created_at", "updated_at", "available_seats", "held_seats", "tickets_sold", "revenue",
    )  # fmt: skip
    fieldsets = (
        (None, {"fields": ("id", "organizer", "status", "version", *services.EDITABLE)}),
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

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Event], search_term: str
    ) -> tuple[QuerySet[Event], bool]:
        """Find by id or by the beginning of the title, both through an index."""
        term = search_term.strip()
        if not term:
            return queryset, False
        if term.upper().startswith("EVT-"):
            return queryset.filter(pk=term.upper()), False
        return queryset.matching(fold(term)), False  # type: ignore[attr-defined]  # EventQuerySet

    def save_model(self, request: HttpRequest, obj: Event, form: Any, change: bool) -> None:
        changes = {name: form.cleaned_data[name] for name in form.changed_data if name in services.EDITABLE}
        version = form.cleaned_data["version"]
        self.attempt(
            request,
            lambda: services.update_event(
                event_id=obj.pk, by=moderator_of(request), changes=changes, now=now(), version=version
            ),
        )

    def response_change(self, request: HttpRequest, obj: Event) -> Any:
        if getattr(request, "refused", False):
            messages.set_level(request, messages.ERROR)
        return super().response_change(request, obj)

    @admin.action(description="Publish drafts", permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Event]) -> None:
        self.apply_to_each(request, queryset, services.publish_event)

    @admin.action(description="Cancel: nothing can be booked any more", permissions=["change"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Event]) -> None:
        self.apply_to_each(request, queryset, services.cancel_event)

    def apply_to_each(self, request: HttpRequest, queryset: QuerySet[Event], service: Callable[..., Event]) -> None:
        for event in queryset:
            self.attempt(request, partial(service, event_id=event.pk, by=moderator_of(request), now=now()), event)

    def attempt(self, request: HttpRequest, work: Callable[[], Event], event: Event | None = None) -> None:
        """Do it, and tell the moderator how it went."""
        try:
            done = work()
        except Refusal as refusal:
            request.refused = True  # type: ignore[attr-defined]  # for response_change
            messages.error(request, f"{event or 'Not saved'}: {refusal.detail}")
        else:
            messages.success(request, f"{done}: saved, now {done.status}.")
