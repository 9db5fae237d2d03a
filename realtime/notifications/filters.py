"""The query parameters of GET /api/notifications."""

import re

import django_filters
from django import forms
from drf_spectacular.utils import extend_schema_field

from config.api.filters import FlagFilter
from realtime.models import Notification, NotificationQuerySet
from realtime.notifications.inbox import MAX_SEQ

DIGITS = re.compile(r"[0-9]{1,19}")


class SeqFormField(forms.CharField):
    """Accepts ASCII digits alone; Django's IntegerField also accepts ``5.0`` and digits of other scripts."""

    def clean(self, value: object) -> int | None:
        text = super().clean(value)
        if text and (not DIGITS.fullmatch(text) or int(text) > MAX_SEQ):
            raise forms.ValidationError("A whole number from 0 on.", code="invalid")
        return int(text) if text else None


@extend_schema_field({"type": "integer", "minimum": 0, "description": "Only those that came after this seq."})
class SeqFilter(django_filters.Filter):
    field_class = SeqFormField


class NotificationFilter(django_filters.FilterSet):
    after = SeqFilter(field_name="seq", lookup_expr="gt")
    unread = FlagFilter(NotificationQuerySet.unread, true="unread ones", false="read ones too")

    class Meta:
        model = Notification
        fields = ("after", "unread")
