"""Query parameters of the event lists; an index serves each (tests/events/test_list_indexes.py)."""

import django_filters

from config.api.filters import DayFilter, FlagFilter, MomentFilter, SortFilter
from config.core.clock import now
from events.models import Event
from events.querysets import EventQuerySet
from events.text_folding import fold

SORTS = {
    "date": "starts_at",
    "price": "price",
    "title": "title_key",
    "createdAt": "created_at",
    "popularity": "tickets_sold",
}


class BaseEventFilter(django_filters.FilterSet):
    """The parameters of both lists."""

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
    """Parameters of the public list. Without a date it has upcoming events only."""

    tags = django_filters.CharFilter(method="filter_tags", max_length=500, help_text="Comma list, in any case.")
    tagsMode = django_filters.ChoiceFilter(
        choices=[("any", "an event with one of the tags"), ("all", "an event with all of them")],
        method="keep_all",
        empty_label=None,
    )
    city = django_filters.CharFilter(
        method="filter_city", max_length=100, help_text="In any case, with or without accents."
    )
    date = DayFilter(field_name="starts_at", help_text="That UTC day, as 2027-05-01.")
    category = django_filters.CharFilter(method="filter_category", max_length=50, help_text="In any case.")
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
        lambda events: events.filter(featured=True), true="chosen by the platform", false="all of them"
    )
    organizer = django_filters.CharFilter(field_name="organizer_id", max_length=64, help_text="An organizer's id.")
    q = django_filters.CharFilter(
        method="filter_words",
        max_length=200,
        help_text="Beginnings of words in title, description or venue; all must be there.",
    )

    class Meta:
        model = Event
        fields = (
            "tags", "tagsMode", "city", "date", "dateFrom", "dateTo", "category", "priceMin", "priceMax", "available",
            "featured", "organizer", "q", "sort",
        )  # fmt: skip

    def filter_queryset(self, queryset: EventQuerySet) -> EventQuerySet:
        found = super().filter_queryset(queryset)
        given = self.form.cleaned_data
        return found if given.get("date") or given.get("dateFrom") else found.upcoming(now())

    def keep_all(self, queryset: EventQuerySet, name: str, value: str) -> EventQuerySet:
        """``tagsMode`` only changes what ``tags`` does."""
        return queryset

    def filter_tags(self, queryset: EventQuerySet, name: str, value: str) -> EventQuerySet:
        keys = [fold(tag) for tag in value.split(",") if tag.strip()]
        lookup = "tag_keys__contains" if self.form.cleaned_data.get("tagsMode") == "all" else "tag_keys__overlap"
        return queryset.filter(**{lookup: keys}) if keys else queryset

    def filter_city(self, queryset: EventQuerySet, name: str, value: str) -> EventQuerySet:
        return queryset.filter(city_key=fold(value))

    def filter_category(self, queryset: EventQuerySet, name: str, value: str) -> EventQuerySet:
        return queryset.filter(category_key=fold(value))

    def filter_words(self, queryset: EventQuerySet, name: str, value: str) -> EventQuerySet:
        return queryset.matching(value)


class OwnEventFilter(BaseEventFilter):
    """Parameters of an organizer's own list."""

    status = django_filters.ChoiceFilter(choices=Event.Status.choices, help_text="Every state if left out.")

    class Meta:
        model = Event
        fields = ("status", "dateFrom", "dateTo", "sort")

    def filter_queryset(self, queryset: EventQuerySet) -> EventQuerySet:
        """Without ``status``, name all states: MongoDB then merges each state's sorted range of the index."""
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("status") else found.in_every_state()
