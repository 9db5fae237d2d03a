"""Bases for serializers of plain JSON objects; a ModelSerializer names its model instead.

They have no docstrings, since the OpenAPI document would show those as descriptions.
"""

from rest_framework import serializers


class BodySerializer(serializers.Serializer[dict[str, object]]):
    pass


class QuerySerializer(serializers.Serializer[dict[str, object]]):
    pass


class ResponseSerializer(serializers.Serializer[dict[str, object]]):
    pass
