"""/api/analytics."""

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import signed_in
from accounts.permissions import IsOrganizer
from analytics import figures
from analytics.serializers import OrganizerFiguresSerializer
from config.throttling import ByUser


class MyFiguresView(APIView):
    """An organizer's own figures."""

    permission_classes = (IsAuthenticated, IsOrganizer)
    throttle_classes = (ByUser.at("analytics", "600/min"),)

    @extend_schema(responses=OrganizerFiguresSerializer)
    def get(self, request: Request) -> Response:
        return Response(figures.organizer_figures(signed_in(request)))
