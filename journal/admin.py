"""The journal in the admin: what happened, which entries are stuck, and what staff decided."""

from datetime import datetime

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget

from config.admin.filters import DayFilter
from config.admin.model_admin import IndexedSearch, ReadOnlyAdmin
from config.core.clock import day_bounds
from config.core.csv import csv_response
from journal.models import Entry
from journal.retries import GIVEN_UP
from journal.staff_decisions import HEADER, csv_rows, read_decisions


class DeliveryFilter(admin.SimpleListFilter):
    title = "delivery"
    parameter_name = "delivery"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [
            ("stuck", "Stuck: failed and waiting"),
            ("given_up", "Given up"),
            ("waiting", "Waiting"),
            ("done", "Delivered"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        """Filter by ``pending`` first: it has an index, and few entries of a long journal are pending."""
        waiting = queryset.filter(pending__hasprefix="")
        choices = {
            "stuck": waiting.exclude(failures={}),
            "given_up": queryset.filter(pending__hasprefix=GIVEN_UP),
            "waiting": waiting,
            "done": queryset.filter(pending=[]),
        }
        return choices.get(self.value() or "", queryset)


class TypeFilter(admin.SimpleListFilter):
    title = "type"
    parameter_name = "type"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        """Ask MongoDB, which skips through the index; Django's own filter would read the whole journal."""
        return [(name, name) for name in Entry.documents.distinct("type")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        return queryset.filter(type=self.value()) if self.value() else queryset


def day_field(label: str) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=UnfoldAdminTextInputWidget({"type": "date"}))


class PeriodForm(forms.Form):
    """Days in UTC, both inclusive; an empty field sets no bound."""

    first, last = day_field("From"), day_field("To")

    def bounds(self) -> dict[str, datetime | None]:
        since, until = day_bounds(self.cleaned_data["first"], self.cleaned_data["last"])
        return {"since": since, "until": until}


@admin.register(Entry)
class EntryAdmin(IndexedSearch, ReadOnlyAdmin):
    actions_list = ("decisions",)
    list_display = ("at", "type", "subject", "actor", "pending", "describe_failures")
    list_filter = (DeliveryFilter, TypeFilter, ("at", DayFilter))
    search_fields = ("=subject",)
    search_help_text = "The id of an event, a booking or a user"
    ordering = ("-at", "-id")
    sortable_by = ("at",)  # the one order that an index serves

    @action(description="Decisions", url_path="decisions", permissions=["view"], icon="gavel")
    def decisions(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        """Show a form for the period, or stream the CSV of its decisions."""
        form = PeriodForm(request.GET if "csv" in request.GET else None)
        if form.is_bound and form.is_valid():
            return csv_response(HEADER, csv_rows(read_decisions(**form.bounds())), filename="decisions.csv")
        context = {**self.admin_site.each_context(request), "title": "Decisions", "opts": self.opts, "form": form}
        return TemplateResponse(request, "journal/decisions.html", context, status=400 if form.is_bound else 200)

    @admin.display(description="failures")
    def describe_failures(self, entry: Entry) -> str:
        return "; ".join(
            f"{name}: {failure['attempts']} times, {failure['error']}" for name, failure in entry.failures.items()
        )

    def find(self, queryset: QuerySet[Entry], term: str) -> QuerySet[Entry]:
        return queryset.filter(subject=term.upper())
