"""Shapes of booking requests and answers."""

from typing import Any

from rest_framework import serializers

from bookings import representations
from bookings.models import MAX_QUANTITY, PUBLIC_STATUSES, Booking, WaitlistEntry
from bookings.waitlist.positions import position_of
from config.api.fields import MomentField, MoneyField, TextField, WholeNumberField


class QuantitySerializer(serializers.Serializer[Any]):
    qty = WholeNumberField(min_value=1, max_value=MAX_QUANTITY)


class BookSerializer(QuantitySerializer):
    eventId = TextField(source="event_id", max_length=64)


class BookedEventSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    title = serializers.CharField()
    date = MomentField()
    city = serializers.CharField()
    venue = serializers.CharField()


class PersonSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField()


class BookingSerializer(serializers.Serializer[Any]):
    """Describes what bookings/representations.py makes."""

    id = serializers.CharField()
    event = BookedEventSerializer()
    qty = serializers.IntegerField()
    unitPrice = MoneyField()
    amount = MoneyField(max_digits=12)
    currency = serializers.CharField()
    status = serializers.ChoiceField(PUBLIC_STATUSES)
    customer = PersonSerializer()
    createdAt = MomentField()
    cancelledAt = MomentField(allow_null=True)
    checkedInAt = MomentField(allow_null=True)

    def to_representation(self, instance: Booking) -> dict[str, Any]:
        return dict(representations.represent_booking(instance))


class OptionalQuantitySerializer(serializers.Serializer[Any]):
    qty = WholeNumberField(min_value=1, max_value=MAX_QUANTITY, default=1)


class WaitSerializer(OptionalQuantitySerializer):
    eventId = TextField(source="event_id", max_length=64)


class WaitlistEntrySerializer(serializers.Serializer[Any]):
    """Describes what bookings/representations.py makes."""

    id = serializers.CharField()
    eventId = serializers.CharField()
    qty = serializers.IntegerField()
    position = serializers.IntegerField(allow_null=True, help_text="1 for the first in line; null when not waiting.")
    status = serializers.ChoiceField(WaitlistEntry.Status.choices)
    offerExpiresAt = MomentField(allow_null=True)
    bookingId = serializers.CharField(allow_null=True)
    createdAt = MomentField()

    def to_representation(self, instance: WaitlistEntry) -> dict[str, Any]:
        return dict(representations.represent_waitlist_entry(instance, position=position_of(instance)))
