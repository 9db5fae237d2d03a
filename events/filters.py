"""Query parameters of the event lists. Each one is served by an index (tests/events/test_list_indexes.py)."""

import django_filters
from django.db.models import QuerySet

from config.api.filters import DayFilter, FlagFilter, MomentFilter, SortFilter
from config.core.clock import now
from events.models import Event
from events.text_folding import fold

SORTS = {
    "date": "starts_at",
    "price": "price",
    "title": "title_key",
    "createdAt": "created_at",
    "popularity": "tickets_sold",
}


class BaseEventFilter(django_filters.FilterSet):
    """What the lists of events share."""

    dateFrom = MomentFilter(
        field_name="starts_at",
        lookup_expr="gte",
        help_text="From this UTC day or time on, as 2027-05-01 or 2027-05-01T18:00:00Z.",
    )
    dateTo = MomentFilter(
        field_name="starts_at",
        lookup_expr="lte",
        end_of_day=True,
        help_text="Until this time or the end of this UTC day, inclusive.",
    )
    sort = SortFilter(SORTS, default="date")


class EventFilter(BaseEventFilter):
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
    date = DayFilter(field_name="starts_at", help_text="That UTC day, as 2027-05-01.")
    category = django_filters.CharFilter(method="by_category", max_length=50, help_text="In any case.")
    priceMin = django_filters.NumberFilter(
        field_name="price", lookup_expr="gte", min_value=0, max_digits=12, decimal_places=2, help_text="Inclusive."
    )
    priceMax = django_filters.NumberFilter(
        field_name="price", lookup_expr="lte", min_value=0, max_digits=12, decimal_places=2, help_text="Inclusive."
    )
    available = FlagFilter(
        lambda events: events.filter(available_seats__gt=0), true="with seats left", false="sold out ones too"
    )
    featured = FlagFilter(
        lambda events: events.filter(featured=True), true="put forward by the house", false="all of them"
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

    def by_words(self, queryset: QuerySet[Event], name: str, value: str) -> QuerySet[Event]:
        return queryset.matching(value)  # type: ignore[attr-defined]  # EventQuerySet


class OwnEventFilter(BaseEventFilter):
    """Filters of an organizer's own list."""

    status = django_filters.ChoiceFilter(choices=Event.Status.choices, help_text="Every state if left out.")

    class Meta:
        model = Event
        fields = ("status", "dateFrom", "dateTo", "sort")

    def filter_queryset(self, queryset: QuerySet[Event]) -> QuerySet[Event]:
        """Where no state is asked for, MongoDB merges the index's runs of each in order, instead of sorting."""
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("status") else found.in_every_state()
