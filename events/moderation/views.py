"""/api/events/{id}/report and /appeal."""

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import signed_in
from accounts.permissions import IsCustomer, IsOrganizer
from config.api import rates
from config.api.validation import read_body
from config.core.clock import now
from events.moderation import appeals, reports
from events.moderation.serializers import AppealSerializer, NewReportSerializer, ReportSerializer
from events.responses import own_event_response
from events.serializers import OwnEventSerializer


class ReportView(APIView):
    """Report this event to the moderators, once for each customer."""

    permission_classes = (IsAuthenticated, IsCustomer)
    throttle_classes = (rates.REPORT,)

    @extend_schema(request=NewReportSerializer, responses={201: ReportSerializer})
    def post(self, request: Request, event_id: str) -> Response:
        body = read_body(NewReportSerializer, request)
        report = reports.report_event(event_id=event_id, customer=signed_in(request), now=now(), **body)
        return Response(ReportSerializer(report).data, status=201)


class AppealView(APIView):
    """Ask the moderators to show this hidden event again; for its owner."""

    permission_classes = (IsAuthenticated, IsOrganizer)
    throttle_classes = (rates.APPEAL,)

    @extend_schema(request=AppealSerializer, responses=OwnEventSerializer)
    def post(self, request: Request, event_id: str) -> HttpResponse:
        body = read_body(AppealSerializer, request)
        return own_event_response(request, appeals.appeal(event_id=event_id, by=signed_in(request), now=now(), **body))
