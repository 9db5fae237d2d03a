"""Filters of the admin's lists."""

from datetime import date

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import RangeDateFilter

from config.core.clock import day_bounds


class DayFilter(RangeDateFilter):
    """``<field>_from`` and ``<field>_to`` are days in UTC, both inclusive; invalid days are ignored."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> QuerySet[Model]:
        since, until = day_bounds(self.day("from"), self.day("to"))
        limits = {f"{self.field_path}__gte": since, f"{self.field_path}__lt": until}
        return queryset.filter(**{name: moment for name, moment in limits.items() if moment})

    def day(self, end: str) -> date | None:
        try:
            return date.fromisoformat(str(self.used_parameters.get(f"{self.field_path}_{end}") or ""))
        except ValueError:
            return None
