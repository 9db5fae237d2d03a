"""/api/notifications."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import signed_in
from config.api import rates
from config.api.validation import read_body
from realtime.models import Notification
from realtime.notifications.filters import NotificationFilter
from realtime.notifications.inbox import mark_read
from realtime.notifications.serializers import MarkedSerializer, MarkReadSerializer, NotificationSerializer


class NotificationViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Notification]):
    """Your own notifications, oldest first."""

    queryset = Notification.objects.none()
    serializer_class = NotificationSerializer
    filterset_class = NotificationFilter
    permission_classes = (IsAuthenticated,)
    throttle_classes = (rates.NOTIFICATIONS,)

    def get_queryset(self) -> QuerySet[Notification]:
        return Notification.objects.of(signed_in(self.request)).in_order()

    @extend_schema(request=MarkReadSerializer, responses=MarkedSerializer)
    @action(detail=False, methods=["post"], filterset_class=None, pagination_class=None)
    def read(self, request: Request) -> Response:
        """Mark all notifications up to a seq as read."""
        marked = mark_read(by=signed_in(request), **read_body(MarkReadSerializer, request))
        return Response(MarkedSerializer(marked).data)
