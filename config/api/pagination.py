"""Pages: ``page`` and ``pageSize``, or ``cursor`` for walking a long list at constant cost."""

from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from rest_framework import pagination, serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

PAGE_SIZE, MAX_PAGE_SIZE = 20, 100
LIMITS = {"page": {"minimum": 1}, "pageSize": {"minimum": 1, "maximum": MAX_PAGE_SIZE}}


def read_page_size(request: Request) -> int:
    """Return ``pageSize``; one that is not served is refused, not silently bent."""
    raw = request.query_params.get("pageSize", str(PAGE_SIZE))
    if not (raw.isascii() and raw.isdigit() and len(raw) < 10 and 1 <= int(raw) <= MAX_PAGE_SIZE):
        raise serializers.ValidationError({"pageSize": [f"A whole number from 1 to {MAX_PAGE_SIZE}."]})
    return int(raw)


class CursorPages(pagination.CursorPagination):
    """A page after a cursor. The queryset comes ordered by a unique combination of fields."""

    page_size_query_param = "pageSize"
    offset_cutoff = 10_000_000  # DRF's 1000 would walk in circles where more events than that share a price

    def get_page_size(self, request: Request) -> int:
        return read_page_size(request)

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any] | None:
        try:
            return super().paginate_queryset(queryset, request, view)
        except (DjangoValidationError, ValueError, TypeError, ArithmeticError):  # a cursor of somebody's own making
            raise NotFound("This cursor does not lead anywhere.") from None

    def get_ordering(self, request: Request, queryset: Any, view: APIView) -> tuple[str, ...]:
        return tuple(queryset.query.order_by)


class Pages(pagination.PageNumberPagination):
    """Numbered pages; with ``cursor`` in the query (empty for the first page) cursor pages in the same shape."""

    page_size = PAGE_SIZE
    page_size_query_param = "pageSize"

    def get_page_size(self, request: Request) -> int:
        return read_page_size(request)

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any] | None:
        self.cursor = CursorPages() if "cursor" in request.query_params else None
        if self.cursor is not None:
            self.count = queryset.count()
            return self.cursor.paginate_queryset(queryset, request, view)
        page: list[Any] | None = super().paginate_queryset(queryset, request, view)
        self.count = self.page.paginator.count  # type: ignore[union-attr]  # set one line above
        return page

    def get_paginated_response(self, data: Any) -> Response:
        return Response(self.envelope(data))

    def envelope(self, data: Any) -> dict[str, Any]:
        links = self.cursor or self
        return {
            "count": self.count,
            "next": links.get_next_link(),
            "previous": links.get_previous_link(),
            "results": data,
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        cursor = {"name": "cursor", "in": "query", "required": False, "schema": {"type": "string"}}
        cursor["description"] = "Walk the list by cursor instead of by page; empty for the first page."
        numbered = super().get_schema_operation_parameters(view)
        for parameter in numbered:
            parameter["schema"] |= LIMITS[parameter["name"]]
        return [*numbered, cursor]
