"""Filters for query parameters that lists of several apps have."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

import django_filters
from django import forms
from django.db.models import Model, QuerySet
from drf_spectacular.utils import extend_schema_field

from config.core.clock import EARLIEST, LATEST

DAY = timedelta(days=1)
LENGTH_OF_DAY = len("2027-05-01")

Found = TypeVar("Found", bound=QuerySet[Model])


class SortFilter(django_filters.ChoiceFilter):
    """Sorts by one key and then by id, so that pages neither repeat nor skip an object.

    Args:
        keys: the keys that clients may sort by, each with its field. Each order needs an index.
        default: the order when the client names none: a key, or ``-`` and a key.
    """

    def __init__(self, keys: Mapping[str, str], *, default: str, **kwargs: str) -> None:
        choices = [(sign + key, key + order) for key in keys for sign, order in (("", ""), ("-", ", descending"))]
        super().__init__(choices=choices, empty_label=None, **kwargs)
        self.keys, self.default = keys, default

    def filter(self, qs: Found, value: str) -> Found:
        order = value or self.default
        sign = "-" if order.startswith("-") else ""
        return qs.order_by(sign + self.keys[order.lstrip("-")], sign + "id")


class FlagFilter(django_filters.ChoiceFilter):
    """``true`` narrows the list, ``false`` changes nothing. ``true`` and ``false`` are the descriptions in OpenAPI."""

    def __init__(self, narrow: Callable[[Found], Found], *, true: str, false: str) -> None:
        def by_flag(queryset: Found, name: str, value: str) -> Found:
            return narrow(queryset) if value == "true" else queryset

        super().__init__(choices=[("true", true), ("false", false)], method=by_flag, empty_label=None)


def parse_moment(text: str, *, end_of_day: bool) -> datetime:
    """Return the moment of an ISO 8601 time or day, in UTC if it has no zone; of a day its start, or its end."""
    is_day = len(text) == LENGTH_OF_DAY
    try:
        moment = datetime.combine(date.fromisoformat(text), time()) if is_day else datetime.fromisoformat(text)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise forms.ValidationError(
            "Write a date as 2027-05-01 or a time as 2027-05-01T18:00:00Z.", code="invalid"
        ) from None
    if not EARLIEST <= moment < LATEST:
        raise forms.ValidationError("The date must be between 2000 and 2199.", code="out_of_range")
    return moment + DAY - timedelta(milliseconds=1) if is_day and end_of_day else moment


class MomentFormField(forms.CharField):
    def __init__(self, *, end_of_day: bool = False, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)
        self.end_of_day = end_of_day

    def clean(self, value: object) -> datetime | None:
        text = super().clean(value)
        return parse_moment(text, end_of_day=self.end_of_day) if text else None


class DayFormField(forms.CharField):
    def clean(self, value: object) -> datetime | None:
        text = super().clean(value)
        if text and len(text) != LENGTH_OF_DAY:
            raise forms.ValidationError("Write a day as 2027-05-01.", code="invalid")
        return parse_moment(text, end_of_day=False) if text else None


class MomentFilter(django_filters.Filter):
    """Compares with a time or a day. drf-spectacular would describe both as ``date-time``."""

    field_class: type[forms.CharField] = MomentFormField
    schema = {"type": "string"}

    def __init__(self, *, help_text: str, **kwargs: object) -> None:
        super().__init__(help_text=help_text, **kwargs)
        extend_schema_field({**self.schema, "description": help_text})(self)


class DayFilter(MomentFilter):
    """Finds moments within one UTC day."""

    field_class = DayFormField
    schema = {"type": "string", "format": "date"}

    def filter(self, qs: Found, value: datetime | None) -> Found:
        within = {f"{self.field_name}__gte": value, f"{self.field_name}__lt": value + DAY} if value else {}
        return qs.filter(**within)
