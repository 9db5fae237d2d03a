"""Query parameters of the event lists. Each one is served by an index (tests/events/test_list_indexes.py)."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field

from config.clock import now
from config.fields import EARLIEST, LATEST
from events.models import Event, fold

SORTS = {
    "date": "starts_at",
    "price": "price",
    "title": "title_key",
    "createdAt": "created_at",
    "popularity": "tickets_sold",
}
DAY = timedelta(days=1)
HOW_TO_WRITE = "Write a date as 2027-05-01 or a time as 2027-05-01T18:00:00Z."


def parse_moment(text: str, *, end_of_day: bool) -> datetime:
    """Read an ISO 8601 time, or a day, whose end is meant where ``end_of_day``; without a zone it is UTC."""
    is_day = len(text) == len("2027-05-01")
    try:
        moment = datetime.combine(date.fromisoformat(text), time()) if is_day else datetime.fromisoformat(text)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise forms.ValidationError(HOW_TO_WRITE, code="invalid") from None
    if not EARLIEST <= moment < LATEST:
        raise forms.ValidationError("The date must be between 2000 and 2199.", code="out_of_range")
    return moment + DAY - timedelta(milliseconds=1) if is_day and end_of_day else moment


class MomentFormField(forms.CharField):
    def __init__(self, *, end_of_day: bool = False, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)
        self.end_of_day = end_of_day

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return parse_moment(text, end_of_day=self.end_of_day) if text else None


class MomentFilter(django_filters.Filter):
    field_class = MomentFormField


class DayFormField(forms.CharField):
    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if text and len(text) != len("2027-05-01"):
            raise forms.ValidationError("Write a day as 2027-05-01.", code="invalid")
        return parse_moment(text, end_of_day=False) if text else None


class DayFilter(django_filters.Filter):
    field_class = DayFormField


def described(one: django_filters.Filter, **schema: str) -> django_filters.Filter:
    """Tell OpenAPI what is taken: it would make ``date-time`` of everything that filters a date."""
    described_one: django_filters.Filter = extend_schema_field(
        {"type": "string", **schema, "description": one.extra["help_text"]}
    )(one)
    return described_one


class SortFilter(django_filters.ChoiceFilter):
    """Sorts by one key and then by id, so that pages neither repeat nor miss an event."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [(sign + key, key + order) for key in SORTS for sign, order in (("", ""), ("-", ", descending"))]
        super().__init__(choices=choices, empty_label=None, **kwargs)

    def filter(self, qs: QuerySet[Event], value: Any) -> QuerySet[Event]:
        sign = "-" if value and value.startswith("-") else ""
        return qs.order_by(sign + SORTS[(value or "date").lstrip("-")], sign + "id")


class StrictFilterSet(django_filters.FilterSet):
    """What the lists of events share."""

    dateFrom = described(
        MomentFilter(
            field_name="starts_at",
            lookup_expr="gte",
            help_text="From this UTC day or time on, as 2027-05-01 or 2027-05-01T18:00:00Z.",
        )
    )
    dateTo = described(
        MomentFilter(
            field_name="starts_at",
            lookup_expr="lte",
            end_of_day=True,
            help_text="Until this time or the end of this UTC day, inclusive.",
        )
    )
    sort = SortFilter()


class EventFilter(StrictFilterSet):
    """Filters of the public list. Past events are left out unless a date asks for them."""

    tags = django_filters.CharFilter(method="by_tags", max_length=500, help_text="Comma list, in any case.")
    tagsMode = django_filters.ChoiceFilter(
        choices=[("any", "an event with one of the tags"), ("all", "an event with all of them")],
        method="no_filter",
        empty_label=None,
    )
    city = django_filters.CharFilter(
        method="by_city", max_length=100, help_text="In any case, with or without accents."
    )
    date = described(DayFilter(method="by_day", help_text="That UTC day, as 2027-05-01."), format="date")
    category = django_filters.CharFilter(method="by_category", max_length=50, help_text="In any case.")
    priceMin = django_filters.NumberFilter(
        field_name="price", lookup_expr="gte", min_value=0, max_digits=12, decimal_places=2, help_text="Inclusive."
    )
    priceMax = django_filters.NumberFilter(
        field_name="price", lookup_expr="lte", min_value=0, max_digits=12, decimal_places=2, help_text="Inclusive."
    )
    available = django_filters.ChoiceFilter(
        choices=[("true", "with seats left"), ("false", "sold out ones too")],
        method="by_availability",
        empty_label=None,
    )
    featured = django_filters.ChoiceFilter(
        choices=[("true", "put forward by the house"), ("false", "all of them")], method="by_feature", empty_label=None
    )
    organizer = django_filters.CharFilter(field_name="organizer_id", max_length=64, help_text="An organizer's id.")
    q = django_filters.CharFilter(
        method="by_words",
        max_length=200,
        help_text="Beginnings of words in title, description or venue; all must be there.",
    )

    class Meta:
        model = Event
        fields = (
            "tags", "tagsMode", "city", "date", "dateFrom", "dateTo", "category", "priceMin", "priceMax", "available",
            "featured", "organizer", "q", "sort",
        )  # fmt: skip

    def filter_queryset(self, queryset: QuerySet[Event]) -> QuerySet[Event]:
        found = super().filter_queryset(queryset)
        given = self.form.cleaned_data
        return found if given.get("date") or given.get("dateFrom") else found.upcoming(now())

    def no_filter(self, queryset: QuerySet[Event], name: str, value: str) -> QuerySet[Event]:
        """``tagsMode`` says how ``tags`` filters."""
        return queryset

    def by_tags(self, queryset: QuerySet[Event], name: str, value: str) -> QuerySet[Event]:
        keys = [fold(tag) for tag in value.split(",") if tag.strip()]
        lookup = "tag_keys__contains" if self.form.cleaned_data.get("tagsMode") == "all" else "tag_keys__overlap"
        return queryset.filter(**{lookup: keys}) if keys else queryset

    def by_city(self, queryset: QuerySet[Event], name: str, value: str) -> QuerySet[Event]:
        return queryset.filter(city_key=fold(value))

    def by_category(self, queryset: QuerySet[Event], name: str, value: str) -> QuerySet[Event]:
        return queryset.filter(category_key=fold(value))

    def by_day(self, queryset: QuerySet[Event], name: str, value: datetime) -> QuerySet[Event]:
        return queryset.filter(starts_at__gte=value, starts_at__lt=value + DAY)

    def by_availability(self, queryset: QuerySet[Event], name: str, value: str) -> QuerySet[Event]:
        return queryset.filter(available_seats__gt=0) if value == "true" else queryset

    def by_feature(self, queryset: QuerySet[Event], name: str, value: str) -> QuerySet[Event]:
        return queryset.filter(featured=True) if value == "true" else queryset

    def by_words(self, queryset: QuerySet[Event], name: str, value: str) -> QuerySet[Event]:
        return queryset.matching(value)  # type: ignore[attr-defined]  # EventQuerySet


class OwnEventFilter(StrictFilterSet):
    """Filters of an organizer's own list."""

    status = django_filters.ChoiceFilter(choices=Event.Status.choices, help_text="Every state if left out.")

    class Meta:
        model = Event
        fields = ("status", "dateFrom", "dateTo", "sort")

    def filter_queryset(self, queryset: QuerySet[Event]) -> QuerySet[Event]:
        """Where no state is asked for, MongoDB merges the index's runs of each in order, instead of sorting."""
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("status") else found.in_every_state()
