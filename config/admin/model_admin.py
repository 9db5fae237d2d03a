"""What the admin pages of several apps share."""

from functools import cached_property
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from unfold.admin import ModelAdmin
from unfold.views import ChangeList

LONGEST_COUNT = 10_000


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # generic in the stubs only
    """Counts to ten thousand at most: counting all of a large collection costs more than showing a page of it.

    What lies further back is found by filter and search, not by turning five hundred pages.
    """

    @cached_property
    def count(self) -> int:
        found = cast("QuerySet[Any]", self.object_list)
        return found[:LONGEST_COUNT].count()  # in its order: by the keys of that index


class SearchPaginator(BoundedPaginator):
    """For what a search found: an index has it, but not in the order of the list, for which all of it would be read."""

    @cached_property
    def count(self) -> int:
        found = cast("QuerySet[Any]", self.object_list)
        return found.order_by()[:LONGEST_COUNT].count()


class SingleColumnChangeList(ChangeList):
    """Sorts by one column, and by the id in the same direction: what an index serves."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[str]:
        first = str(super().get_ordering(request, queryset)[0])
        sign, name = first[: first.startswith("-")], first.lstrip("-")
        is_unique = name == "pk" or self.lookup_opts.get_field(name).unique
        return [first] if is_unique else [first, f"{sign}pk"]


class BaseAdmin(ModelAdmin):
    """Pages that stay quick on collections of any size."""

    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # each would count the collection once for every choice of every filter
    list_per_page = list_max_show_all = 50
    list_filter_submit = True  # one request for all filters, when they are chosen
    list_horizontal_scrollbar_top = True

    list_disable_select_all = True  # nobody looks at a million rows before doing something to them

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """Refuse what is asked for all rows of all pages at once."""
        if request.POST.get("select_across", "0") not in ("", "0"):
            messages.error(request, "Choose the rows themselves: this cannot be done to all pages at once.")
            return HttpResponseRedirect(request.get_full_path())
        return super().response_action(request, queryset)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return SingleColumnChangeList


class IndexedSearch:
    """A ModelAdmin whose search asks an index, instead of looking for the words in every document."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Search through ``find``, which joins nothing: no row is found twice."""
        term = search_term.strip()
        return (self.find(queryset, term) if term else queryset), False

    def get_paginator(self, request: HttpRequest, queryset: QuerySet[Any], per_page: int) -> Paginator:  # type: ignore[type-arg]  # generic in the stubs only
        searched = request.GET.get(SEARCH_VAR, "").strip()
        return (SearchPaginator if searched else BoundedPaginator)(queryset, per_page)

    def find(self, queryset: QuerySet[Any], term: str) -> QuerySet[Any]:
        """Return what answers to a term, which is not empty."""
        raise NotImplementedError


class ReadOnlyAdmin(BaseAdmin):
    """To look at, never to edit: the documents change through services only."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
