"""Reports of customers in the admin, read-only: moderators decide about them in the queue."""

from django.contrib import admin
from django.db.models import QuerySet

from config.admin.filters import DayFilter
from config.admin.model_admin import IndexedSearch, ReadOnlyAdmin
from events.models import Report


@admin.register(Report)
class ReportAdmin(IndexedSearch, ReadOnlyAdmin):
    list_display = ("created_at", "event", "customer", "reason", "text")
    list_display_links = ("created_at",)
    list_select_related = ("event", "customer")
    list_filter = (("created_at", DayFilter),)
    search_fields = ("=id",)
    search_help_text = "The id of a report, an event or a customer"
    ordering = ("-created_at", "-id")
    sortable_by = ("created_at",)  # the one order that an index serves

    def find(self, queryset: QuerySet[Report], term: str) -> QuerySet[Report]:
        field = {"RPT-": "pk", "EVT-": "event", "USR-": "customer"}.get(term.upper()[:4])
        return queryset.filter(**{field: term.upper()}) if field else queryset.none()
