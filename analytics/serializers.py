"""The JSON of requests and responses about sales."""

from datetime import date
from typing import NotRequired, TypedDict

from rest_framework import serializers

from analytics.periods import LONGEST_DAYS, Interval, Period, default_first
from config.api.fields import DayField, MomentField, MoneyField, TextField
from config.api.serializers import QuerySerializer, ResponseSerializer
from config.core.clock import now
from events.models import Event
from events.serializers import OrganizerSerializer


class StatusCountsSerializer(ResponseSerializer):
    DRAFT = serializers.IntegerField()
    PUBLISHED = serializers.IntegerField()
    CANCELLED = serializers.IntegerField()


class TopEventSerializer(ResponseSerializer):
    id = serializers.CharField()
    title = serializers.CharField()
    ticketsSold = serializers.IntegerField()
    revenue = MoneyField(max_digits=20)


class OrganizerFiguresSerializer(ResponseSerializer):
    totalEvents = serializers.IntegerField()
    eventsByStatus = StatusCountsSerializer()
    ticketsSold = serializers.IntegerField()
    totalRevenue = MoneyField(max_digits=24)
    currency = serializers.CharField()
    topSellingEvent = TopEventSerializer(allow_null=True)


class PeriodQuery(TypedDict):
    first: NotRequired[date]
    last: NotRequired[date]
    interval: str
    event_id: NotRequired[str]


class PeriodSerializer(QuerySerializer):
    """The query of a time series. Validated, it is ``{"period": Period}``."""

    start = DayField(required=False, source="first", help_text="First day; the last 30 days if left out.")
    to = DayField(required=False, source="last", help_text="Last day, inclusive; today if left out.")
    interval = serializers.ChoiceField(
        [interval.value for interval in Interval], default="day", help_text="Weeks begin on Monday."
    )

    def get_fields(self) -> dict[str, serializers.Field[object, object, object, object]]:
        """Rename ``start`` to ``from``, which no attribute of a class can be called."""
        fields = super().get_fields()
        return {"from": fields.pop("start"), **fields}

    def validate(self, attrs: PeriodQuery) -> dict[str, object]:
        last = attrs.get("last") or now().date()
        first = attrs.get("first") or default_first(last)
        period = Period(first=first, last=last, interval=Interval(attrs["interval"]))
        if period.days < 1:
            raise serializers.ValidationError({"from": ["It must not come after the last day."]})
        if period.days > LONGEST_DAYS:
            raise serializers.ValidationError({"from": [f"A period has at most {LONGEST_DAYS} days."]})
        return {"period": period}


class OwnPeriodSerializer(PeriodSerializer):
    """The same for organizers. Validated, it also has ``event_id``, which is None if left out."""

    eventId = TextField(required=False, max_length=64, source="event_id", help_text="One of your own events.")

    def validate(self, attrs: PeriodQuery) -> dict[str, object]:
        return {**super().validate(attrs), "event_id": attrs.get("event_id")}


class IntervalFiguresSerializer(ResponseSerializer):
    date = serializers.DateField(help_text="The first day of the interval.")
    bookings = serializers.IntegerField()
    tickets = serializers.IntegerField()
    revenue = MoneyField(max_digits=24)
    cancellations = serializers.IntegerField()


class UserCountsSerializer(ResponseSerializer):
    total = serializers.IntegerField()
    organizers = serializers.IntegerField()
    customers = serializers.IntegerField()
    staff = serializers.IntegerField()
    blocked = serializers.IntegerField()


class EventCountsSerializer(ResponseSerializer):
    total = serializers.IntegerField()
    byStatus = StatusCountsSerializer()


class BookingCountsSerializer(ResponseSerializer):
    confirmed = serializers.IntegerField()
    cancelled = serializers.IntegerField()
    tickets = serializers.IntegerField()


class DemandSerializer(ResponseSerializer):
    parties = serializers.IntegerField()
    seats = serializers.IntegerField()


class PlatformFiguresSerializer(ResponseSerializer):
    users = UserCountsSerializer()
    events = EventCountsSerializer()
    bookings = BookingCountsSerializer()
    revenue = MoneyField(max_digits=24)
    currency = serializers.CharField()
    waitlist = DemandSerializer()


class RankedEventSerializer(serializers.ModelSerializer[Event]):
    """An event in the ranking."""

    organizer = OrganizerSerializer()
    date = MomentField(source="starts_at")
    totalSeats = serializers.IntegerField(source="total_seats")
    ticketsSold = serializers.IntegerField(source="tickets_sold")
    availableSeats = serializers.IntegerField(source="available_seats")
    fillRate = serializers.SerializerMethodField(help_text="Tickets sold of all seats, from 0 to 1.")
    revenue = MoneyField(max_digits=20)

    class Meta:
        model = Event
        fields = (
            "id", "title", "status", "organizer", "date", "totalSeats", "ticketsSold", "availableSeats", "fillRate",
            "revenue",
        )  # fmt: skip
        read_only_fields = fields

    def get_fillRate(self, event: Event) -> float:  # noqa: N802 - the field's name
        return round(event.tickets_sold / event.total_seats, 4)
