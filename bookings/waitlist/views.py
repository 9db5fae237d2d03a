"""/api/waitlist."""

from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import signed_in
from accounts.permissions import IsCustomer
from bookings import representations
from bookings.models import WaitlistEntry
from bookings.serializers import BookingSerializer, WaitlistEntrySerializer, WaitSerializer
from bookings.waitlist import joining, leaving, offers, positions
from config.api import rates
from config.api.validation import read_body
from config.core.clock import now


class WaitlistViewSet(viewsets.GenericViewSet[WaitlistEntry]):
    """A customer's own waitlist entries."""

    queryset = WaitlistEntry.objects.none()
    serializer_class = WaitlistEntrySerializer
    permission_classes = (IsAuthenticated, IsCustomer)
    throttle_classes = (rates.WAITLIST,)
    lookup_value_regex = "[^/]+"
    filter_backends = ()

    @extend_schema(request=WaitSerializer, responses={201: WaitlistEntrySerializer})
    def create(self, request: Request) -> Response:
        """Join the waitlist of an event that has too few seats left."""
        body = read_body(WaitSerializer, request)
        entry, position = joining.join_waitlist(customer=signed_in(request), now=now(), **body)
        return Response(representations.represent_waitlist_entry(entry, position=position), status=201)

    @extend_schema(responses=WaitlistEntrySerializer(many=True))
    @action(detail=False)
    def me(self, request: Request) -> Response:
        """List one's own waitlist entries, newest first, including those that ended."""
        page = self.paginate_queryset(WaitlistEntry.objects.of(signed_in(request)).newest_first()) or []
        waiting = positions.positions_of(page)
        results = [representations.represent_waitlist_entry(one, position=waiting.get(one.id)) for one in page]
        return self.get_paginated_response(results)

    @extend_schema(responses=WaitlistEntrySerializer)
    @action(detail=False, url_path="position/(?P<event_id>[^/]+)")
    def position(self, request: Request, event_id: str) -> Response:
        """Show one's latest entry for an event; 404 without one, or after leaving."""
        entry = positions.find_latest_entry(event_id=event_id, customer=signed_in(request))
        return Response(WaitlistEntrySerializer(entry).data)

    @extend_schema(request=None, responses={201: BookingSerializer})
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """Accept the offer: book the seats that are held."""
        return Response(offers.accept_offer(event_id=pk, customer=signed_in(request), now=now()), status=201)

    def destroy(self, request: Request, pk: str) -> Response:
        """Leave the waitlist, or decline the offer."""
        leaving.leave_waitlist(event_id=pk, customer=signed_in(request), now=now())
        return Response(status=204)
