"""/api/asyncapi."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from realtime.sockets.asyncapi import build_document


class AsyncAPIView(APIView):
    """The AsyncAPI 3 document of Socket.IO and the WebSockets."""

    permission_classes = (AllowAny,)

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        return Response(build_document())
