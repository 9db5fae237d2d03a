"""/api/webhooks."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import SAFE_METHODS, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from accounts.authentication import signed_in
from accounts.permissions import IsOrganizer
from config.api import rates
from config.api.validation import read_body
from config.core.clock import now
from realtime.models import Delivery, Webhook
from realtime.webhooks import services
from realtime.webhooks.serializers import (
    DeliverySerializer,
    NewWebhookSerializer,
    RegisterWebhookSerializer,
    WebhookSerializer,
)

REDELIVER = r"deliveries/(?P<delivery_id>[^/]+)/redeliver"


class WebhookViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Any]):  # it pages webhooks and deliveries
    """Your own webhooks and their deliveries, for organizers."""

    queryset = Webhook.objects.none()
    serializer_class = WebhookSerializer
    permission_classes = (IsAuthenticated, IsOrganizer)
    lookup_value_regex = "[^/]+"

    def get_throttles(self) -> list[BaseThrottle]:
        return [rates.READ_WEBHOOKS() if self.request.method in SAFE_METHODS else rates.CHANGE_WEBHOOKS()]

    def get_queryset(self) -> QuerySet[Webhook]:
        return Webhook.objects.of(signed_in(self.request)).newest_first()

    @extend_schema(request=RegisterWebhookSerializer, responses={201: NewWebhookSerializer})
    def create(self, request: Request) -> Response:
        """Register a URL. No other response shows the secret."""
        body = read_body(RegisterWebhookSerializer, request)
        webhook = services.create_webhook(by=signed_in(request), now=now(), **body)
        return Response(NewWebhookSerializer(webhook).data, status=201)

    def destroy(self, request: Request, pk: str) -> Response:
        """Delete a webhook and its deliveries; pending ones are not sent."""
        services.delete_webhook(webhook_id=pk, by=signed_in(request))
        return Response(status=204)

    @extend_schema(responses=DeliverySerializer(many=True))
    @action(detail=True)
    def deliveries(self, request: Request, pk: str) -> Response:
        """Deliveries of a webhook, sent or pending, newest first; kept for 30 days."""
        webhook = services.find_webhook(pk, by=signed_in(request))
        page = self.paginate_queryset(Delivery.objects.of(webhook).newest_first())
        return self.get_paginated_response(DeliverySerializer(page, many=True).data)

    @extend_schema(request=None, responses={202: DeliverySerializer})
    @action(detail=True, methods=["post"], url_path=REDELIVER, pagination_class=None)
    def redeliver(self, request: Request, pk: str, delivery_id: str) -> Response:
        """Send a delivery again as soon as possible, whatever its status."""
        delivery = services.redeliver(webhook_id=pk, delivery_id=delivery_id, by=signed_in(request), now=now())
        return Response(DeliverySerializer(delivery).data, status=202)
