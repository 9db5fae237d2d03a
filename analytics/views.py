"""/api/analytics."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import signed_in
from accounts.permissions import IsOrganizer, IsStaff
from analytics import organizer_totals, platform_totals, time_series
from analytics.filters import RankingFilter
from analytics.serializers import (
    IntervalFiguresSerializer,
    OrganizerFiguresSerializer,
    OwnPeriodSerializer,
    PeriodSerializer,
    PlatformFiguresSerializer,
    RankedEventSerializer,
)
from config.api import rates
from config.api.validation import read_query
from events.models import Event


class MyFiguresView(APIView):
    """Totals of your own events."""

    permission_classes = (IsAuthenticated, IsOrganizer)
    throttle_classes = (rates.ANALYTICS,)

    @extend_schema(responses=OrganizerFiguresSerializer)
    def get(self, request: Request) -> Response:
        return Response(organizer_totals.organizer_totals(signed_in(request)))


class MyTimeSeriesView(APIView):
    """Sales of your own events over time, a few seconds behind the bookings."""

    permission_classes = (IsAuthenticated, IsOrganizer)
    throttle_classes = (rates.ANALYTICS,)

    @extend_schema(parameters=[OwnPeriodSerializer], responses=IntervalFiguresSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(time_series.organizer_series(signed_in(request), **read_query(OwnPeriodSerializer, request)))


class OverviewView(APIView):
    """Totals of the whole platform, a few seconds behind the bookings."""

    permission_classes = (IsAuthenticated, IsStaff)
    throttle_classes = (rates.ANALYTICS,)

    @extend_schema(responses=PlatformFiguresSerializer)
    def get(self, request: Request) -> Response:
        return Response(platform_totals.platform_totals())


class RevenueView(APIView):
    """Sales of the whole platform over time, a few seconds behind the bookings."""

    permission_classes = (IsAuthenticated, IsStaff)
    throttle_classes = (rates.ANALYTICS,)

    @extend_schema(parameters=[PeriodSerializer], responses=IntervalFiguresSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(time_series.platform_series(**read_query(PeriodSerializer, request)))


class RankingView(ListAPIView[Event]):
    """All events, in every state, ranked by tickets sold or by revenue."""

    permission_classes = (IsAuthenticated, IsStaff)
    throttle_classes = (rates.ANALYTICS,)
    queryset = Event.objects.none()
    serializer_class = RankedEventSerializer
    filterset_class = RankingFilter

    def get_queryset(self) -> QuerySet[Event]:
        return Event.objects.in_every_state().with_organizer()
