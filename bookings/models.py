"""Bookings: the truth that the seat counters of events must agree with."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models

from accounts.callers import Anonymous, Caller
from config.clock import now
from config.ids import new_id
from events.models import Event

MAX_QUANTITY = 20


def new_booking_id() -> str:
    return new_id("BK")


class BookingQuerySet(models.QuerySet["Booking"]):
    """The vocabulary of reads."""

    def real(self) -> Self:
        """Leave out tombstones of bookings that never came about."""
        return self.filter(status__in=(Booking.Status.CONFIRMED, Booking.Status.CANCELLED))

    def confirmed(self) -> Self:
        return self.filter(status=Booking.Status.CONFIRMED)

    def of(self, customer: Caller | Anonymous) -> Self:
        return self.filter(customer=customer.id)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-id")

    def with_names(self) -> Self:
        return self.select_related("event", "customer")


class Booking(models.Model):
    """Seats that a customer has for an event. Inserted by bookings/ledger.py only."""

    class Status(models.TextChoices):
        CONFIRMED = "CONFIRMED"
        CANCELLED = "CANCELLED"
        VOID = "VOID"  # a tombstone of recovery under the id of a booking that was never inserted

    id = models.CharField(primary_key=True, db_column="_id", max_length=16, default=new_booking_id, editable=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="bookings", db_index=False)
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bookings", db_index=False
    )
    qty = models.IntegerField()
    unit_price = models.DecimalField(max_digits=10, decimal_places=2)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    status = models.CharField(max_length=10, choices=Status)
    created_at = models.DateTimeField(default=now)
    cancelled_at = models.DateTimeField(null=True)
    checked_in_at = models.DateTimeField(null=True)
    idempotency_key = models.CharField(max_length=255, null=True)
    idempotency = models.JSONField(null=True)  # {"body": digest of the request, "answer": the first answer}

    objects: ClassVar[Any] = BookingQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["customer", "-created_at", "-id"], name="booking_of_customer"),
            models.Index(fields=["event", "-created_at", "-id"], name="booking_of_event"),
            models.Index(fields=["-created_at", "-id"], name="booking_newest"),
        )
        # Unique (customer, idempotency_key) where there is a key: migration 0002, as the planner needs it.

    def __str__(self) -> str:
        return self.id

    def save(self, *args: Any, **kwargs: Any) -> None:
        raise TypeError("Bookings change through bookings.services: seats move with them.")

    def is_visible_to(self, caller: Caller | Anonymous) -> bool:
        return caller.is_staff or self.customer_id == caller.id or self.event.is_owned_by(caller)


PUBLIC_STATUSES = [("CONFIRMED", "CONFIRMED"), ("CANCELLED", "CANCELLED")]
