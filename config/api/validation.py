"""From a request's body or query to validated data."""

from typing import Any

from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer


def read_body(serializer_class: type[BaseSerializer[Any]], request: Request, **options: Any) -> dict[str, Any]:
    """Return the validated body; a fault in any field answers 400 with all of them."""
    serializer = serializer_class(data=request.data, **options)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def read_query(serializer_class: type[BaseSerializer[Any]], request: Request) -> dict[str, Any]:
    """Return the validated query; a parameter that is left empty counts as not given."""
    serializer = serializer_class(data=request.query_params)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
