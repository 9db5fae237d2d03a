"""Query parameters of the ranking. Each order comes from an index; a fill rate has none, so it is no order."""

import django_filters

from config.api.filters import SortFilter
from events.models import Event

SORTS = {"tickets": "tickets_sold", "revenue": "revenue"}


class RankingFilter(django_filters.FilterSet):
    sort = SortFilter(SORTS, default="-tickets", help_text="The most tickets first if left out.")

    class Meta:
        model = Event
        fields = ("sort",)
