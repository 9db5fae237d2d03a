"""The JSON of events in requests and responses."""

from functools import partial

from django.conf import settings
from rest_framework import serializers

from accounts.models import User
from config.api.fields import MomentField, MoneyField, TextField, WholeNumberField
from events.field_validators import validate_one_line, validate_tag, validate_timezone
from events.models import MAX_SEATS, MAX_TAGS, Event

OneLineField = partial(TextField, validators=[validate_one_line])


class OrganizerSerializer(serializers.Serializer[User]):
    id = serializers.CharField()
    name = serializers.CharField()


class EventSerializer(serializers.ModelSerializer[Event]):
    """An event for everyone."""

    date = MomentField(source="starts_at")
    endDate = MomentField(source="ends_at", allow_null=True)
    tags = serializers.ListField(child=serializers.CharField())
    price = MoneyField()
    currency = serializers.SerializerMethodField()
    totalSeats = serializers.IntegerField(source="total_seats")
    availableSeats = serializers.IntegerField(source="available_seats")
    organizer = OrganizerSerializer()
    publishedAt = MomentField(source="published_at", allow_null=True)
    createdAt = MomentField(source="created_at")
    updatedAt = MomentField(source="updated_at")

    class Meta:
        model = Event
        fields: tuple[str, ...] = (
            "id", "title", "description", "date", "endDate", "timezone", "city", "venue", "category", "tags", "price",
            "currency", "totalSeats", "availableSeats", "status", "featured", "organizer", "publishedAt", "createdAt",
            "updatedAt",
        )  # fmt: skip
        read_only_fields = fields

    def get_currency(self, event: Event) -> str:
        return settings.CURRENCY


class OwnEventSerializer(EventSerializer):
    """An event for its owner and staff."""

    ticketsSold = serializers.IntegerField(source="tickets_sold")
    revenue = MoneyField(max_digits=20)
    hiddenReason = serializers.CharField(source="hidden_reason")

    class Meta(EventSerializer.Meta):
        fields: tuple[str, ...] = (*EventSerializer.Meta.fields, "ticketsSold", "revenue", "hidden", "hiddenReason")
        read_only_fields = fields


class AnyEventSerializer(EventSerializer):
    """Describes GET /api/events/{id} in OpenAPI: some fields are only for the owner and staff."""

    ticketsSold = serializers.IntegerField(required=False)
    revenue = MoneyField(max_digits=20, required=False)
    hidden = serializers.BooleanField(required=False)
    hiddenReason = serializers.CharField(required=False)

    class Meta(EventSerializer.Meta):
        fields: tuple[str, ...] = OwnEventSerializer.Meta.fields
        read_only_fields = EventSerializer.Meta.fields


class EventChangesSerializer(serializers.Serializer[Event]):
    """The fields that an organizer sets: for a new event, and with ``partial=True`` for a change."""

    title = OneLineField(max_length=200)
    description = TextField(max_length=10_000, required=False, allow_blank=True)
    date = MomentField(source="starts_at")
    endDate = MomentField(source="ends_at", required=False, allow_null=True)
    timezone = TextField(
        max_length=64, required=False, validators=[validate_timezone], help_text="IANA name such as Europe/Berlin."
    )
    city = OneLineField(max_length=100)
    venue = OneLineField(max_length=200, required=False, allow_blank=True)
    category = OneLineField(max_length=50, required=False, allow_blank=True)
    tags = serializers.ListField(
        child=TextField(max_length=40, validators=[validate_tag]), max_length=MAX_TAGS, required=False
    )
    price = MoneyField()
    totalSeats = WholeNumberField(source="total_seats", min_value=1, max_value=MAX_SEATS)

    def validate_tags(self, value: list[str]) -> list[str]:
        return list(dict.fromkeys(value))


class CancelSerializer(serializers.Serializer[Event]):
    reason = TextField(max_length=500, required=False, allow_blank=True, default="")


class AvailabilitySerializer(serializers.Serializer[Event]):
    totalSeats = serializers.IntegerField(source="total_seats")
    availableSeats = serializers.IntegerField(source="available_seats")
    status = serializers.ChoiceField(Event.Status.choices)
    waitlistLength = serializers.IntegerField(source="waitlist_length")
