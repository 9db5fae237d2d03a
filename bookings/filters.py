"""Query parameters of booking lists."""

import django_filters

from bookings.models import PUBLIC_STATUSES, Booking


class BookingFilter(django_filters.FilterSet):
    status = django_filters.ChoiceFilter(choices=PUBLIC_STATUSES)
    eventId = django_filters.CharFilter(field_name="event_id", max_length=64)

    class Meta:
        model = Booking
        fields = ("status", "eventId")
