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
    HouseFiguresSerializer,
    IntervalFiguresSerializer,
    OrganizerFiguresSerializer,
    OwnPeriodSerializer,
    PeriodSerializer,
    RankedEventSerializer,
)
from config.api import rates
from config.api.validation import read_query
from events.models import Event


class MyFiguresView(APIView):
    """An organizer's own figures."""

    permission_classes = (IsAuthenticated, IsOrganizer)
    throttle_classes = (rates.ANALYTICS,)

    @extend_schema(responses=OrganizerFiguresSerializer)
    def get(self, request: Request) -> Response:
        return Response(organizer_totals.organizer_totals(signed_in(request)))


class MyTimeSeriesView(APIView):
    """An organizer's own figures over time, a few seconds behind the bookings."""

    permission_classes = (IsAuthenticated, IsOrganizer)
    throttle_classes = (rates.ANALYTICS,)

    @extend_schema(parameters=[OwnPeriodSerializer], responses=IntervalFiguresSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(time_series.organizer_series(signed_in(request), **read_query(OwnPeriodSerializer, request)))


class OverviewView(APIView):
    """The house at a glance, a few seconds behind the bookings."""

    permission_classes = (IsAuthenticated, IsStaff)
    throttle_classes = (rates.ANALYTICS,)

    @extend_schema(responses=HouseFiguresSerializer)
    def get(self, request: Request) -> Response:
        return Response(platform_totals.platform_totals())


class RevenueView(APIView):
    """The house's figures over time, a few seconds behind the bookings."""

    permission_classes = (IsAuthenticated, IsStaff)
    throttle_classes = (rates.ANALYTICS,)

    @extend_schema(parameters=[PeriodSerializer], responses=IntervalFiguresSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(time_series.platform_series(**read_query(PeriodSerializer, request)))


class RankingView(ListAPIView[Event]):
    """All events, in every state, ranked by what they sold."""

    permission_classes = (IsAuthenticated, IsStaff)
    throttle_classes = (rates.ANALYTICS,)
    queryset = Event.objects.none()
    serializer_class = RankedEventSerializer
    filterset_class = RankingFilter

    def get_queryset(self) -> QuerySet[Event]:
        return Event.objects.in_every_state().with_organizer()
