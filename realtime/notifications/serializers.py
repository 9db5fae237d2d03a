"""Shapes of notification requests and answers."""

from typing import Any

from rest_framework import serializers

from config.api.fields import MomentField, WholeNumberField
from realtime.models import Notification
from realtime.notifications.inbox import LARGEST_SEQ


class NotificationSerializer(serializers.ModelSerializer[Notification]):
    createdAt = MomentField(source="created_at")
    data = serializers.DictField()  # type: ignore[assignment]  # fields are kept apart from attributes

    class Meta:
        model = Notification
        fields = ("seq", "type", "createdAt", "read", "data")
        read_only_fields = fields


class MarkReadSerializer(serializers.Serializer[Any]):
    upTo = WholeNumberField(source="up_to", min_value=0, max_value=LARGEST_SEQ)


class MarkedSerializer(serializers.Serializer[Any]):
    updated = serializers.IntegerField(help_text="How many became read.")
    unread = serializers.IntegerField(help_text="How many are still unread.")
