"""Parts of the OpenAPI document that drf-spectacular cannot derive."""

from typing import Literal

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema as SpectacularSchema
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

FaultSerializer = inline_serializer(
    "Fault",
    {"field": serializers.CharField(), "code": serializers.CharField(), "detail": serializers.CharField()},
    many=True,
    required=False,
    help_text="Which fields of the request are at fault, and why.",
)
ProblemSerializer = inline_serializer(
    "Problem",
    {
        "type": serializers.CharField(),
        "title": serializers.CharField(),
        "status": serializers.IntegerField(),
        "detail": serializers.CharField(help_text="For people; may change."),
        "code": serializers.CharField(help_text="For programs; stable."),
        "requestId": serializers.CharField(),
        "errors": FaultSerializer,
    },
)


class AutoSchema(SpectacularSchema):
    """Adds the problem document, which every call may respond with."""

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, object]:
        bodies: dict[str, object] = super()._get_response_bodies(direction)
        problem = self._get_response_for_code(ProblemSerializer, "4XX", media_types=["application/problem+json"])
        return {**bodies, "4XX": problem}

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix("/api/").split("/")[0]]


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
