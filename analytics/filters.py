"""Query parameters of the ranking. Each order comes from an index; a fill rate has none, so it is no order."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from events.models import Event

SORTS = {"tickets": "tickets_sold", "revenue": "revenue"}
MOST_TICKETS = "-tickets"


class RankFilter(django_filters.ChoiceFilter):
    def __init__(self, **kwargs: Any) -> None:
        choices = [(sign + key, key + order) for key in SORTS for sign, order in (("", ""), ("-", ", descending"))]
        super().__init__(choices=choices, empty_label=None, help_text="The most tickets first if left out.", **kwargs)

    def filter(self, qs: QuerySet[Event], value: Any) -> QuerySet[Event]:
        sign, key = ("-" if (value or MOST_TICKETS).startswith("-") else ""), (value or MOST_TICKETS).lstrip("-")
        return qs.order_by(sign + SORTS[key], sign + "id")


class RankingFilter(django_filters.FilterSet):
    sort = RankFilter()

    class Meta:
        model = Event
        fields = ("sort",)
