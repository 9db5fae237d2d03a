"""/api/bookings."""

import re

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from accounts.authentication import signed_in
from accounts.permissions import IsCustomer
from bookings import services
from bookings.cancellation import cancel_booking, find_visible
from bookings.filters import BookingFilter
from bookings.models import Booking
from bookings.serializers import BookingSerializer, BookSerializer
from config.api import rates
from config.api.validation import read_body
from config.core.clock import now
from config.core.errors import Invalid

KEY = re.compile(r"[\x21-\x7e]{1,255}")
KEY_HEADER = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Up to 255 visible ASCII characters. The same key and body again returns the first booking.",
)


def read_idempotency_key(request: Request) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not KEY.fullmatch(key):
        raise Invalid("Idempotency-Key", "Send 1 to 255 visible ASCII characters without spaces.")
    return key


def book(request: Request, *, event_id: str, qty: int) -> Response:
    """Shared by the two endpoints that book."""
    booked = services.book_seats(
        event_id=event_id,
        customer=signed_in(request),
        qty=qty,
        now=now(),
        idempotency_key=read_idempotency_key(request),
    )
    headers = {"Idempotency-Replayed": "true"} if booked.replayed else None
    return Response(booked.representation, status=201, headers=headers)


class BookingViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Booking]):
    """A customer's own bookings; a single booking is also shown to the event's owner and staff."""

    queryset = Booking.objects.none()
    serializer_class = BookingSerializer
    filterset_class = BookingFilter
    lookup_value_regex = "[^/]+"

    def get_permissions(self) -> list[BasePermission]:
        return [IsAuthenticated(), IsCustomer()] if self.action == "create" else [IsAuthenticated()]

    def get_throttles(self) -> list[BaseThrottle]:
        return [rates.BOOK() if self.action == "create" else rates.READ_BOOKINGS()]

    def get_queryset(self) -> QuerySet[Booking]:
        return Booking.objects.real().of(signed_in(self.request)).newest_first().with_names()

    @extend_schema(request=BookSerializer, responses={201: BookingSerializer}, parameters=[KEY_HEADER])
    def create(self, request: Request) -> Response:
        """Book seats: all of them or none."""
        return book(request, **read_body(BookSerializer, request))

    def retrieve(self, request: Request, pk: str) -> Response:
        """Show a booking to its customer, the event's owner or staff."""
        return Response(BookingSerializer(find_visible(pk, by=signed_in(request))).data)

    @extend_schema(responses={200: BookingSerializer})
    def destroy(self, request: Request, pk: str) -> Response:
        """Cancel a booking; its seats are offered to the waitlist first."""
        return Response(BookingSerializer(cancel_booking(booking_id=pk, by=signed_in(request), now=now())).data)

    @extend_schema(request=None, responses=BookingSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """The same as DELETE."""
        return self.destroy(request, pk)

    @extend_schema(responses=BookingSerializer(many=True))
    @action(detail=False, filterset_class=BookingFilter)
    def me(self, request: Request, *args: object, **kwargs: object) -> Response:
        """List one's own bookings, newest first; the same as GET /bookings."""
        return self.list(request, *args, **kwargs)
