"""What the admin pages of several apps share."""

from functools import cached_property
from typing import Any, cast

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

LONGEST_COUNT = 10_000


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # generic in the stubs only
    """Counts to ten thousand at most: counting all of a large collection costs more than showing a page of it.

    What lies further back is found by filter and search, not by turning five hundred pages.
    """

    @cached_property
    def count(self) -> int:
        found = cast("QuerySet[Any]", self.object_list)
        return found.order_by()[:LONGEST_COUNT].count()


class Admin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    """Pages that stay quick on collections of any size."""

    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # each would count the collection once for every choice of every filter


class ReadOnlyAdmin(Admin):
    """To look at, never to edit: the documents change through services only."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
