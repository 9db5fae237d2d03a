"""Pages: ``page`` and ``pageSize``, or ``cursor`` for reading a long list at constant cost per page."""

from typing import TypedDict, TypeVar

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import Model, QuerySet
from rest_framework import pagination, serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

PAGE_SIZE, MAX_PAGE_SIZE = 20, 100
M = TypeVar("M", bound=Model)
LIMITS = {"page": {"minimum": 1}, "pageSize": {"minimum": 1, "maximum": MAX_PAGE_SIZE}}


def read_page_size(request: Request) -> int:
    """Return ``pageSize``; an invalid one is refused, not replaced."""
    raw = request.query_params.get("pageSize", str(PAGE_SIZE))
    if not (raw.isascii() and raw.isdigit() and len(raw) < 10 and 1 <= int(raw) <= MAX_PAGE_SIZE):
        raise serializers.ValidationError({"pageSize": [f"A whole number from 1 to {MAX_PAGE_SIZE}."]})
    return int(raw)


class Page(TypedDict):
    count: int
    next: str | None
    previous: str | None
    results: list[object]


class CursorPages(pagination.CursorPagination):
    """The page after a cursor. The queryset must be ordered by a unique combination of fields."""

    page_size_query_param = "pageSize"
    offset_cutoff = 10_000_000  # DRF's 1000 would repeat pages where more events than that share a price

    def get_page_size(self, request: Request) -> int:
        return read_page_size(request)

    def paginate_queryset(  # type: ignore[override]  # the parent takes sequences too
        self, queryset: QuerySet[M], request: Request, view: APIView | None = None
    ) -> list[M] | None:
        try:
            return super().paginate_queryset(queryset, request, view)
        except (DjangoValidationError, ValueError, TypeError, ArithmeticError):  # a made-up cursor
            raise NotFound("This cursor does not lead anywhere.") from None

    def get_ordering(self, request: Request, queryset: QuerySet[Model], view: APIView) -> tuple[str, ...]:
        return tuple(map(str, queryset.query.order_by))


class Pages(pagination.PageNumberPagination):
    """Numbered pages; with ``cursor`` in the query (empty for the first page) cursor pages in the same format."""

    page_size = PAGE_SIZE
    page_size_query_param = "pageSize"

    def get_page_size(self, request: Request) -> int:
        return read_page_size(request)

    def paginate_queryset(  # type: ignore[override]  # the parent takes sequences too
        self, queryset: QuerySet[M], request: Request, view: APIView | None = None
    ) -> list[M] | None:
        self.cursor = CursorPages() if "cursor" in request.query_params else None
        if self.cursor is not None:
            self.count = queryset.count()
            return self.cursor.paginate_queryset(queryset, request, view)
        page: list[M] | None = super().paginate_queryset(queryset, request, view)
        self.count = self.page.paginator.count  # type: ignore[union-attr]  # set one line above
        return page

    def get_paginated_response(self, data: list[object]) -> Response:
        return Response(self.envelope(data))

    def envelope(self, data: list[object]) -> Page:
        links = self.cursor or self
        return {
            "count": self.count,
            "next": links.get_next_link(),
            "previous": links.get_previous_link(),
            "results": data,
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, object]]:
        cursor = {"name": "cursor", "in": "query", "required": False, "schema": {"type": "string"}}
        cursor["description"] = "Walk the list by cursor instead of by page; empty for the first page."
        numbered = super().get_schema_operation_parameters(view)
        for parameter in numbered:
            parameter["schema"] |= LIMITS[parameter["name"]]
        return [*numbered, cursor]
