"""Shapes of booking requests and responses."""

from rest_framework import serializers

from bookings import representations
from bookings.models import MAX_QUANTITY, PUBLIC_STATUSES, Booking, WaitlistEntry
from bookings.waitlist.positions import position_of
from config.api.fields import MomentField, MoneyField, TextField, WholeNumberField
from config.api.serializers import BodySerializer, ResponseSerializer


class QuantitySerializer(BodySerializer):
    qty = WholeNumberField(min_value=1, max_value=MAX_QUANTITY)


class BookSerializer(QuantitySerializer):
    eventId = TextField(source="event_id", max_length=64)


class BookedEventSerializer(ResponseSerializer):
    id = serializers.CharField()
    title = serializers.CharField()
    date = MomentField()
    city = serializers.CharField()
    venue = serializers.CharField()


class PersonSerializer(ResponseSerializer):
    id = serializers.CharField()
    name = serializers.CharField()


class BookingSerializer(serializers.Serializer[Booking]):
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

    def to_representation(self, instance: Booking) -> dict[str, object]:
        return dict(representations.represent_booking(instance))


class OptionalQuantitySerializer(BodySerializer):
    qty = WholeNumberField(min_value=1, max_value=MAX_QUANTITY, default=1)


class WaitSerializer(OptionalQuantitySerializer):
    eventId = TextField(source="event_id", max_length=64)


class WaitlistEntrySerializer(serializers.Serializer[WaitlistEntry]):
    """Describes what bookings/representations.py makes."""

    id = serializers.CharField()
    eventId = serializers.CharField()
    qty = serializers.IntegerField()
    position = serializers.IntegerField(
        allow_null=True, help_text="1 for the first; null for an entry that does not wait."
    )
    status = serializers.ChoiceField(WaitlistEntry.Status.choices)
    offerExpiresAt = MomentField(allow_null=True)
    bookingId = serializers.CharField(allow_null=True)
    createdAt = MomentField()

    def to_representation(self, instance: WaitlistEntry) -> dict[str, object]:
        return dict(representations.represent_waitlist_entry(instance, position=position_of(instance)))
