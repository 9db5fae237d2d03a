"""/api/events."""

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.permissions import SAFE_METHODS, AllowAny, BasePermission, IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from accounts.authentication import actor_of_request, signed_in
from accounts.permissions import IsOrganizer
from config.api import rates
from config.api.renderers import CalendarRenderer
from config.api.validation import read_body
from config.core.clock import now
from events import editing, lifecycle
from events.calendars import to_ical
from events.etags import etag_of, required_versions, to_json
from events.filters import EventFilter, OwnEventFilter
from events.models import Event
from events.querysets import EventQuerySet
from events.responses import cached_detail, cached_page, own_event_response, tagged_response
from events.serializers import (
    AnyEventSerializer,
    AvailabilitySerializer,
    CancelSerializer,
    EventChangesSerializer,
    EventSerializer,
    OwnEventSerializer,
)

IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="The event's ETag; 412 if it changed since."
)
PUBLIC = {"list", "retrieve", "availability", "calendar", "metadata"}  # the last is OPTIONS


class EventViewSet(viewsets.GenericViewSet[Event]):
    """Events: anyone reads them, organizers create and change their own."""

    queryset = Event.objects.none()
    serializer_class = EventSerializer
    filterset_class = EventFilter
    lookup_value_regex = "[^/]+"

    def get_permissions(self) -> list[BasePermission]:
        return [AllowAny()] if self.action in PUBLIC else [IsAuthenticated(), IsOrganizer()]

    def get_throttles(self) -> list[BaseThrottle]:
        return [rates.READ_EVENTS() if self.request.method in SAFE_METHODS else rates.CHANGE_EVENTS()]

    def get_queryset(self) -> EventQuerySet:
        if self.action == "me":
            return Event.objects.of(signed_in(self.request)).with_organizer()
        return Event.objects.listed().with_organizer()

    def list(self, request: Request) -> HttpResponse:
        """Published events that are still to come; filtered, sorted, in pages."""
        query = f"{request.build_absolute_uri('?')}?{request.META.get('QUERY_STRING', '')}"
        page, etag = cached_page(query, lambda: self.page_of(EventSerializer))
        return tagged_response(request, page, etag)

    def page_of(self, serializer: type[EventSerializer]) -> dict[str, object]:
        events = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return dict(self.paginator.envelope(serializer(events, many=True).data))  # type: ignore[union-attr]  # config.api.pagination.Pages

    @extend_schema(responses=AnyEventSerializer)
    def retrieve(self, request: Request, pk: str) -> HttpResponse:
        """One event; its owner and staff also see sold seats and revenue."""
        return tagged_response(request, *cached_detail(event_id=pk, actor=actor_of_request(request)))

    @extend_schema(request=EventChangesSerializer, responses={201: OwnEventSerializer})
    def create(self, request: Request) -> HttpResponse:
        """Create a draft."""
        by = signed_in(request)
        created = lifecycle.create_event(by=by, now=now(), **read_body(EventChangesSerializer, request))
        event = Event.objects.with_organizer().get_manageable(created.id, by)
        response = own_event_response(request, event, status=201)
        response["Location"] = request.build_absolute_uri(f"{request.path}/{event.id}")
        return response

    @extend_schema(request=EventChangesSerializer, responses=OwnEventSerializer, parameters=[IF_MATCH])
    def partial_update(self, request: Request, pk: str) -> HttpResponse:
        """Change some fields. Seats never go below what is sold or held."""
        by = signed_in(request)
        Event.objects.get_manageable(pk, by)  # to a stranger any body is a 404
        changes = read_body(EventChangesSerializer, request, partial=True)
        versions = required_versions(request)
        event = editing.update_event(event_id=pk, by=by, changes=changes, now=now(), versions=versions)
        return own_event_response(request, event)

    @extend_schema(request=EventChangesSerializer(partial=True), responses=OwnEventSerializer, parameters=[IF_MATCH])
    def update(self, request: Request, pk: str) -> HttpResponse:
        """The same as PATCH: fields that are left out stay as they are."""
        return self.partial_update(request, pk)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Delete a draft."""
        lifecycle.delete_event(event_id=pk, by=signed_in(request), now=now())
        return Response(status=204)

    @extend_schema(responses=OwnEventSerializer(many=True))
    @action(detail=False, filterset_class=OwnEventFilter)
    def me(self, request: Request) -> HttpResponse:
        """Own events in every state, with sold seats and revenue."""
        page = to_json(self.page_of(OwnEventSerializer))
        return tagged_response(request, page, etag_of(page))

    @extend_schema(request=None, responses=OwnEventSerializer)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> HttpResponse:
        """DRAFT -> PUBLISHED, for a date in the future."""
        return own_event_response(request, lifecycle.publish_event(event_id=pk, by=signed_in(request), now=now()))

    @extend_schema(request=CancelSerializer, responses=OwnEventSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> HttpResponse:
        """DRAFT or PUBLISHED -> CANCELLED; from then on nothing can be booked."""
        body = read_body(CancelSerializer, request)
        event = lifecycle.cancel_event(event_id=pk, by=signed_in(request), now=now(), **body)
        return own_event_response(request, event)

    @extend_schema(responses=AvailabilitySerializer)
    @action(detail=True)
    def availability(self, request: Request, pk: str) -> Response:
        """The seats of an event at this moment, never from a cache."""
        event = Event.objects.get_visible(pk, actor_of_request(request))
        return Response(AvailabilitySerializer(event).data, headers={"Cache-Control": "no-store"})

    @extend_schema(responses={(200, "text/calendar"): OpenApiTypes.STR})
    @action(detail=True, url_path="calendar.ics", renderer_classes=(CalendarRenderer, JSONRenderer))
    def calendar(self, request: Request, pk: str) -> HttpResponse:
        """The event as an iCalendar file."""
        event = Event.objects.with_organizer().get_visible(pk, actor_of_request(request))
        response = HttpResponse(to_ical(event), content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{event.id}.ics"'
        return response
