"""The JSON of requests and responses about notifications."""

from rest_framework import serializers

from config.api.fields import MomentField, WholeNumberField
from config.api.serializers import BodySerializer
from realtime.models import Notification
from realtime.notifications.inbox import MAX_SEQ, MarkedAsRead


class NotificationSerializer(serializers.ModelSerializer[Notification]):
    createdAt = MomentField(source="created_at")
    data = serializers.DictField()  # type: ignore[assignment]  # DRF keeps fields apart from the attribute of this name

    class Meta:
        model = Notification
        fields = ("seq", "type", "createdAt", "read", "data")
        read_only_fields = fields


class MarkReadSerializer(BodySerializer):
    upTo = WholeNumberField(source="up_to", min_value=0, max_value=MAX_SEQ)


class MarkedSerializer(serializers.Serializer[MarkedAsRead]):
    updated = serializers.IntegerField(help_text="How many became read.")
    unread = serializers.IntegerField(help_text="How many are still unread.")
