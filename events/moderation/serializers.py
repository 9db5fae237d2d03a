"""The JSON of reports and appeals."""

from rest_framework import serializers

from config.api.fields import MomentField, TextField
from events.models import Event, Report
from events.moderation.reasons import MAX_APPEAL, MAX_REPORT, ReportReason


class NewReportSerializer(serializers.Serializer[Report]):
    reason = serializers.ChoiceField(ReportReason.choices)
    text = TextField(
        max_length=MAX_REPORT, required=False, allow_blank=True, default="", help_text="Required with OTHER."
    )


class ReportSerializer(serializers.Serializer[Report]):
    id = serializers.CharField()
    reason = serializers.ChoiceField(ReportReason.choices)
    text = serializers.CharField()
    createdAt = MomentField(source="created_at")


class AppealSerializer(serializers.Serializer[Event]):
    text = TextField(max_length=MAX_APPEAL)
