"""The journal in the admin: what happened, and what is stuck."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from config.admin import ReadOnlyAdmin
from journal.models import Entry


class StuckFilter(admin.SimpleListFilter):
    title = "delivery"
    parameter_name = "delivery"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", "Waiting"), ("done", "Delivered")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        if self.value() == "waiting":
            return queryset.filter(pending__hasprefix="")
        return queryset.filter(pending=[]) if self.value() == "done" else queryset


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "type", "subject", "actor", "pending", "failed")
    list_filter = (StuckFilter, "type", "at")
    search_fields = ("=subject",)
    search_help_text = "The id of an event, a booking or a user"
    ordering = ("-at", "-id")

    @admin.display(description="failures")
    def failed(self, entry: Entry) -> str:
        return "; ".join(
            f"{name}: {failure['attempts']} times, {failure['error']}" for name, failure in entry.failures.items()
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        return (queryset.filter(subject=term) if term else queryset), False
