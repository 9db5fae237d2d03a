"""/api/events/{id}/book and /bookings."""

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import signed_in
from accounts.permissions import IsCustomer
from bookings import attendees_csv
from bookings.filters import BookingFilter
from bookings.models import Booking, BookingQuerySet
from bookings.representations import represent_booking
from bookings.serializers import BookingSerializer, OptionalQuantitySerializer
from bookings.views import KEY_HEADER, book
from config.api import rates
from config.api.renderers import CSVRenderer, wants_csv
from config.api.validation import read_body
from config.core.csv import csv_response
from events.models import Event


class BookEventView(APIView):
    """Book seats of this event: the same as POST /bookings."""

    permission_classes = (IsAuthenticated, IsCustomer)
    throttle_classes = (rates.BOOK,)

    @extend_schema(request=OptionalQuantitySerializer, responses={201: BookingSerializer}, parameters=[KEY_HEADER])
    def post(self, request: Request, event_id: str) -> Response:
        return book(request, event_id=event_id, **read_body(OptionalQuantitySerializer, request))


class AttendeesView(GenericAPIView[Booking]):
    """List the bookings of this event, newest first, for its owner and staff. As CSV: all of them, as a stream."""

    queryset = Booking.objects.none()
    serializer_class = BookingSerializer
    filterset_class = BookingFilter
    renderer_classes = (JSONRenderer, CSVRenderer)
    throttle_classes = (rates.READ_BOOKINGS,)

    def get_permissions(self) -> list[BasePermission]:
        return [IsAuthenticated()]

    @extend_schema(
        responses={
            (200, "application/json"): BookingSerializer(many=True),
            (200, "text/csv"): OpenApiResponse(OpenApiTypes.STR, description="A row for each booking."),
        }
    )
    def get(self, request: Request, event_id: str) -> HttpResponseBase:
        event = Event.objects.get_manageable(event_id, signed_in(request))
        bookings: BookingQuerySet = self.filter_queryset(Booking.objects.real().filter(event=event_id).newest_first())  # type: ignore[assignment]  # what went in comes out
        if wants_csv(request):
            return csv_response(
                attendees_csv.HEADER, attendees_csv.csv_rows(bookings), filename=f"attendees-{event.id}.csv"
            )
        page = self.paginate_queryset(bookings.with_names()) or []
        return self.get_paginated_response([represent_booking(booking) for booking in page])
