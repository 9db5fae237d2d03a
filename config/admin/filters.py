"""Choosing days, in UTC, both inclusive."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import RangeDateFilter

from config.core.clock import day_bounds


class DayFilter(RangeDateFilter):
    """Filters a moment by days: ``<field>_from`` and ``<field>_to``. What is no day says nothing."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        since, until = day_bounds(self.day("from"), self.day("to"))
        limits = {f"{self.field_path}__gte": since, f"{self.field_path}__lt": until}
        return queryset.filter(**{name: moment for name, moment in limits.items() if moment})

    def day(self, end: str) -> date | None:
        try:
            return date.fromisoformat(str(self.used_parameters.get(f"{self.field_path}_{end}") or ""))
        except ValueError:
            return None
