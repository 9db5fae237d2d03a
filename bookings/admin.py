"""Bookings in the admin: to look at. Seats move with them, so nothing here is edited by hand."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from bookings.models import Booking
from config.admin import ReadOnlyAdmin


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
        """Find by id: each kind has an index."""
        term = search_term.strip().upper()
        fields = {"BK-": "pk", "EVT": "event", "USR": "customer"}
        field = fields.get(term[:3])
        return (queryset.filter(**{field: term}) if field else queryset.none() if term else queryset), False
