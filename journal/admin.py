"""The journal in the admin: what happened, and what is stuck."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from config.admin import ReadOnlyAdmin
from config.mongo.raw import collection
from journal.drain import GIVEN_UP
from journal.models import Entry


class DeliveryFilter(admin.SimpleListFilter):
    title = "delivery"
    parameter_name = "delivery"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("stuck", "Stuck: failed and waiting"),
            ("given_up", "Given up"),
            ("waiting", "Waiting"),
            ("done", "Delivered"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        """``pending`` comes first in each: it has the index, and little of a long journal is pending."""
        waiting = queryset.filter(pending__hasprefix="")
        chosen = {
            "stuck": waiting.exclude(failures={}),
            "given_up": queryset.filter(pending__hasprefix=GIVEN_UP),
            "waiting": waiting,
            "done": queryset.filter(pending=[]),
        }
        return chosen.get(self.value() or "", queryset)


class TypeFilter(admin.SimpleListFilter):
    title = "type"
    parameter_name = "type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Ask MongoDB, which skips through the index; Django's own filter would read the whole journal."""
        return [(name, name) for name in collection(Entry).distinct("type")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        return queryset.filter(type=self.value()) if self.value() else queryset


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "type", "subject", "actor", "pending", "failed")
    list_filter = (DeliveryFilter, TypeFilter, "at")
    search_fields = ("=subject",)
    search_help_text = "The id of an event, a booking or a user"
    ordering = ("-at", "-id")
    sortable_by = ("at",)  # the one order that an index serves

    @admin.display(description="failures")
    def failed(self, entry: Entry) -> str:
        return "; ".join(
            f"{name}: {failure['attempts']} times, {failure['error']}" for name, failure in entry.failures.items()
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        return (queryset.filter(subject=term.upper()) if term else queryset), False
