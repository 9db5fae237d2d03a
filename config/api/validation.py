"""Validating the body and the query of a request."""

from typing import Any, TypeAlias, TypeVar

from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer

T = TypeVar("T")
ValidatedData: TypeAlias = dict[str, Any]  # the types are those of the serializer's fields


def read_body(serializer_class: type[BaseSerializer[T]], request: Request, *, partial: bool = False) -> ValidatedData:
    """Return the validated body. If it has faults, the response is a 400 that names all of them."""
    serializer = serializer_class(data=request.data, partial=partial)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def read_query(serializer_class: type[BaseSerializer[T]], request: Request) -> ValidatedData:
    """Return the validated query; an empty parameter counts as missing."""
    serializer = serializer_class(data=request.query_params)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
