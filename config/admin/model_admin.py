"""Base classes of the apps' admins."""

from functools import cached_property
from typing import Any, TypeVar, cast

from django.contrib import admin, messages
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from unfold.admin import ModelAdmin
from unfold.views import ChangeList

LONGEST_COUNT = 10_000

M = TypeVar("M", bound=Model)


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # generic in the stubs only
    """Counts to ten thousand at most: counting a large collection costs more than showing a page of it.

    Filters and search find what is on later pages.
    """

    @cached_property
    def count(self) -> int:
        found = cast("QuerySet[Model]", self.object_list)
        return found[:LONGEST_COUNT].count()  # in the order of the list, whose index it reads


class SearchPaginator(BoundedPaginator):
    """For the result of a search: its index does not have the order of the list, so an ordered count would read all."""

    @cached_property
    def count(self) -> int:
        found = cast("QuerySet[Model]", self.object_list)
        return found.order_by()[:LONGEST_COUNT].count()


class SingleColumnChangeList(ChangeList):
    """Sorts by one column, and by the id in the same direction: an index serves that."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Model]) -> list[str]:
        first = str(super().get_ordering(request, queryset)[0])
        sign, name = first[: first.startswith("-")], first.lstrip("-")
        is_unique = name == "pk" or self.lookup_opts.get_field(name).unique
        return [first] if is_unique else [first, f"{sign}pk"]


class BaseAdmin(ModelAdmin):
    """Pages that are fast on collections of any size."""

    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # they would count the collection for each choice of each filter
    list_per_page = list_max_show_all = 50
    list_filter_submit = True  # one request for all filters, after they are chosen
    list_horizontal_scrollbar_top = True

    list_disable_select_all = True  # nobody reviews a million rows before acting on them

    def response_action(self, request: HttpRequest, queryset: QuerySet[Model]) -> HttpResponse | None:
        """Refuse actions on all rows of all pages."""
        if request.POST.get("select_across", "0") not in ("", "0"):
            messages.error(request, "Choose the rows themselves: this cannot be done to all pages at once.")
            return HttpResponseRedirect(request.get_full_path())
        return super().response_action(request, queryset)

    def get_changelist(self, request: HttpRequest, **kwargs: object) -> type[ChangeList]:
        return SingleColumnChangeList


class IndexedSearch:
    """A ModelAdmin whose search asks an index instead of reading every document."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[M], search_term: str
    ) -> tuple[QuerySet[M], bool]:
        """Search through ``find``. It joins nothing, so no row is found twice."""
        term = search_term.strip()
        return (self.find(queryset, term) if term else queryset), False

    def get_paginator(self, request: HttpRequest, queryset: QuerySet[Model], per_page: int) -> BoundedPaginator:
        is_search = request.GET.get(SEARCH_VAR, "").strip()
        return (SearchPaginator if is_search else BoundedPaginator)(queryset, per_page)

    def find(self, queryset: QuerySet[Any], term: str) -> QuerySet[Any]:
        """Return the objects that match a term, which is not empty."""
        raise NotImplementedError


class ReadOnlyAdmin(BaseAdmin):
    """For reading: only services change these documents."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
