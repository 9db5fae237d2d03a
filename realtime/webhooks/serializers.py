"""The JSON of requests and responses about webhooks."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.api.fields import MomentField, TextField
from config.api.serializers import BodySerializer, ResponseSerializer
from realtime.models import MAX_URL_LENGTH, Delivery, Webhook
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
    """A webhook with its secret: the response to its registration is the only one that shows it."""

    class Meta(WebhookSerializer.Meta):
        fields: tuple[str, ...] = (*WebhookSerializer.Meta.fields, "secret")
        read_only_fields = fields


class RegisterWebhookSerializer(BodySerializer):
    url = TextField(max_length=MAX_URL_LENGTH, help_text="Public, over HTTPS.")
    eventTypes = serializers.ListField(
        source="event_types", child=serializers.ChoiceField(EVENT_TYPES), allow_empty=False, max_length=50
    )


class AttemptSerializer(ResponseSerializer):
    at = MomentField()
    status = serializers.IntegerField(allow_null=True, help_text="The receiver's HTTP status; null without a response.")
    error = serializers.CharField(allow_null=True, help_text="A sentence for people; null if the attempt succeeded.")
    durationMs = serializers.IntegerField()


class DeliverySerializer(serializers.ModelSerializer[Delivery]):
    createdAt = MomentField(source="created_at")
    nextAttemptAt = serializers.SerializerMethodField(help_text="Null if there will be no further attempt.")
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
    def get_attempts(self, delivery: Delivery) -> list[dict[str, object]]:
        return list(delivery.log)
