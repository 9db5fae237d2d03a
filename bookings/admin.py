"""Bookings in the admin: to look at. Seats move with them, so nothing here is edited by hand."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from bookings.models import Booking, EventJob, WaitlistEntry
from config.admin import ReadOnlyAdmin


def find_by_id(queryset: QuerySet[Any], search_term: str, *, own_prefix: str) -> QuerySet[Any]:
    """Find by an own, an event's or a user's id: each kind has an index."""
    term = search_term.strip().upper()
    field = {own_prefix[:3]: "pk", "EVT": "event", "USR": "customer"}.get(term[:3])
    return queryset.filter(**{field: term}) if field else queryset.none() if term else queryset


@admin.register(Booking)
class BookingAdmin(ReadOnlyAdmin):
    list_display = ("id", "event", "customer", "qty", "amount", "status", "created_at")
    list_filter = ("status", "created_at")
    list_select_related = ("event", "customer")
    search_fields = ("=id",)
    search_help_text = "A booking's, event's or user's id"
    ordering = ("-created_at", "-id")
    sortable_by = ("created_at",)  # the one order that an index serves
    fields = (
        "id", "event", "customer", "qty", "unit_price", "amount", "status", "created_at", "cancelled_at",
        "checked_in_at", "idempotency_key",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Booking]:
        return Booking.objects.real()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return find_by_id(queryset, search_term, own_prefix="BK-"), False


@admin.register(WaitlistEntry)
class WaitlistEntryAdmin(ReadOnlyAdmin):
    list_display = ("id", "event", "customer", "qty", "status", "offer_expires_at", "created_at")
    list_filter = ("status", "created_at")
    list_select_related = ("event", "customer")
    search_fields = ("=id",)
    search_help_text = "An entry's, event's or user's id"
    ordering = ("-created_at", "-id")
    sortable_by = ("created_at",)  # the one order that an index serves

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return find_by_id(queryset, search_term, own_prefix="WL-"), False


@admin.register(EventJob)
class EventJobAdmin(ReadOnlyAdmin):
    """Work on everyone who booked: how far it is."""

    list_display = ("created_at", "kind", "event", "progress", "updated_at", "finished_at")
    list_filter = (("finished_at", admin.EmptyFieldListFilter), "kind")
    list_select_related = ("event",)
    ordering = ("-created_at", "-id")
    sortable_by = ("created_at",)  # the one order that an index serves

    @admin.display(description="progress")
    def progress(self, job: EventJob) -> str:
        if job.finished_at:
            return f"done, {job.done:,}"
        percent = min(99, 100 * job.done // max(job.total, 1))
        return f"{percent} %, {job.done:,} of {job.total:,}"
