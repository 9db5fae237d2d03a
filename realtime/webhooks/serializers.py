"""Shapes of webhook requests and answers."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.api.fields import MomentField, TextField
from realtime.models import LONGEST_URL, Delivery, Webhook
from realtime.webhooks.event_types import EVENT_TYPES


class WebhookSerializer(serializers.ModelSerializer[Webhook]):
    """A webhook, without its secret."""

    eventTypes = serializers.ListField(source="event_types", child=serializers.ChoiceField(EVENT_TYPES))
    createdAt = MomentField(source="created_at")

    class Meta:
        model = Webhook
        fields: tuple[str, ...] = ("id", "url", "eventTypes", "createdAt")
        read_only_fields = fields


class NewWebhookSerializer(WebhookSerializer):
    """A webhook at the one moment when its secret is shown."""

    class Meta(WebhookSerializer.Meta):
        fields: tuple[str, ...] = (*WebhookSerializer.Meta.fields, "secret")
        read_only_fields = fields


class RegisterWebhookSerializer(serializers.Serializer[Any]):
    url = TextField(max_length=LONGEST_URL, help_text="Public, over HTTPS.")
    eventTypes = serializers.ListField(
        source="event_types", child=serializers.ChoiceField(EVENT_TYPES), allow_empty=False, max_length=50
    )


class AttemptSerializer(serializers.Serializer[Any]):
    at = MomentField()
    status = serializers.IntegerField(allow_null=True, help_text="The receiver's HTTP status; null without an answer.")
    error = serializers.CharField(allow_null=True, help_text="For people; null where it was taken.")
    durationMs = serializers.IntegerField()


class DeliverySerializer(serializers.ModelSerializer[Delivery]):
    createdAt = MomentField(source="created_at")
    nextAttemptAt = serializers.SerializerMethodField(help_text="Null where nothing more will be tried.")
    attempts = serializers.SerializerMethodField(help_text="The last 20, oldest first.")

    class Meta:
        model = Delivery
        fields = ("id", "type", "status", "createdAt", "nextAttemptAt", "attempts")
        read_only_fields = fields

    @extend_schema_field(MomentField(allow_null=True))
    def get_nextAttemptAt(self, delivery: Delivery) -> str | None:  # noqa: N802 - DRF's name for the field's method
        is_pending = delivery.status == Delivery.Status.PENDING
        return MomentField().to_representation(delivery.due_at) if is_pending else None

    @extend_schema_field(AttemptSerializer(many=True))
    def get_attempts(self, delivery: Delivery) -> list[dict[str, Any]]:
        return list(delivery.log)
