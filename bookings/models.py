"""Bookings: the truth that the seat counters of events must agree with."""

from typing import Any, ClassVar, Self, TypeVar

from django.conf import settings
from django.db import models

from accounts.actors import Actor, AnonymousActor
from bookings.documents import BookingDocument, JobDocument, WaitlistDocument
from config.core.clock import now
from config.core.ids import new_id
from config.mongo.collections import Documents
from events.models import Event

MAX_QUANTITY = 20
M = TypeVar("M", bound=models.Model)


def new_booking_id() -> str:
    return new_id("BK")


def new_waitlist_id() -> str:
    return new_id("WL")


class CustomerQuerySet(models.QuerySet[M]):
    """The vocabulary of reads that bookings and the waitlist share."""

    def of(self, customer: Actor | AnonymousActor) -> Self:
        return self.filter(customer=customer.id)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-id")


class BookingQuerySet(CustomerQuerySet["Booking"]):
    def real(self) -> Self:
        """Leave out tombstones of bookings that never came about."""
        return self.filter(status__in=(Booking.Status.CONFIRMED, Booking.Status.CANCELLED))

    def confirmed(self) -> Self:
        return self.filter(status=Booking.Status.CONFIRMED)

    def with_names(self) -> Self:
        return self.select_related("event", "customer")


class WaitlistQuerySet(CustomerQuerySet["WaitlistEntry"]):
    def open(self) -> Self:
        return self.filter(open=True)


class Booking(models.Model):
    """Seats that a customer has for an event. Inserted by bookings/seats/ledger.py only."""

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
    documents = Documents[BookingDocument]()

    class Meta:
        indexes = (
            models.Index(fields=["customer", "-created_at", "-id"], name="booking_of_customer"),
            models.Index(fields=["event", "-created_at", "-id"], name="booking_of_event"),
            models.Index(fields=["event", "status", "customer"], name="booking_of_attendee"),
            models.Index(fields=["-created_at", "-id"], name="booking_newest"),
            # Costs the booking path nothing: what is inserted there is not cancelled.
            models.Index(
                fields=["status", "-created_at", "-id"],
                condition=models.Q(status="CANCELLED"),
                name="booking_cancelled",
            ),
        )
        permissions = (
            ("cancel_booking", "Can cancel bookings for their customers"),
            ("resend_mail", "Can send confirmations again"),
        )
        # Unique (customer, idempotency_key) where there is a key: migration 0002, as the planner needs it.

    def __str__(self) -> str:
        return self.id

    def save(self, *args: Any, **kwargs: Any) -> None:
        raise TypeError("Bookings change through bookings.services: seats move with them.")

    def is_visible_to(self, caller: Actor | AnonymousActor) -> bool:
        return caller.is_staff or self.customer_id == caller.id or self.event.is_owned_by(caller)


class WaitlistEntry(models.Model):
    """A party that waits for seats, all of them together. Moved by bookings/waitlist/joining.py only.

    ``turn`` is the event's turn in which it joined: the order of the line.
    """

    class Status(models.TextChoices):
        WAITING = "WAITING"
        OFFERED = "OFFERED"  # the seats are held until offer_expires_at
        CONVERTED = "CONVERTED"
        EXPIRED = "EXPIRED"
        LEFT = "LEFT"

    id = models.CharField(primary_key=True, db_column="_id", max_length=16, default=new_waitlist_id, editable=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="waitlist", db_index=False)
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="waitlist", db_index=False
    )
    customer_name = models.CharField(max_length=150)
    qty = models.IntegerField()
    status = models.CharField(max_length=10, choices=Status)
    open = models.BooleanField(default=True)  # WAITING or OFFERED; unique for event and customer: migration 0004
    turn = models.BigIntegerField()
    created_at = models.DateTimeField()
    offered_at = models.DateTimeField(null=True)
    offer_expires_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    booking_id = models.CharField(max_length=16, null=True)

    objects: ClassVar[Any] = WaitlistQuerySet.as_manager()
    documents = Documents[WaitlistDocument]()

    class Meta:
        verbose_name_plural = "waitlist entries"
        indexes = (
            models.Index(fields=["event", "status", "turn"], name="waitlist_line"),
            models.Index(fields=["event", "status", "qty", "turn"], name="waitlist_by_size"),
            models.Index(fields=["customer", "-created_at", "-id"], name="waitlist_of_customer"),
            models.Index(fields=["status", "offer_expires_at", "qty"], name="waitlist_expiry"),
            models.Index(fields=["-created_at", "-id"], name="waitlist_newest"),
            models.Index(fields=["status", "-created_at", "-id"], name="waitlist_by_status"),
        )

    def __str__(self) -> str:
        return self.id

    def save(self, *args: Any, **kwargs: Any) -> None:
        raise TypeError("The waitlist changes through bookings.waitlist: seats move with it.")


class EventJob(models.Model):
    """Work on everyone who booked an event, in chunks; its ``_id`` is that of the journal entry that asked for it.

    ``cursor`` is the last customer told. A worker that dies leaves the job where its last chunk ended.
    """

    class Kind(models.TextChoices):
        CANCEL = "CANCEL", "cancel the bookings"
        ANNOUNCE = "ANNOUNCE", "announce a change"

    id = models.CharField(primary_key=True, db_column="_id", max_length=60)
    kind = models.CharField(max_length=10, choices=Kind)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="jobs", db_index=False)
    data = models.JSONField(default=dict)
    total = models.BigIntegerField(default=0)
    done = models.BigIntegerField(default=0)
    cursor = models.CharField(max_length=16, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = models.Manager()
    documents = Documents[JobDocument]()

    class Meta:
        indexes = (
            models.Index(fields=["finished_at", "created_at", "id"], name="job_to_do"),
            models.Index(fields=["-created_at", "-id"], name="job_newest"),
        )

    def __str__(self) -> str:
        return self.id

    @property
    def percent_done(self) -> int:
        """Return the progress in percent; an unfinished job has 99 at most."""
        return 100 if self.finished_at else min(99, 100 * self.done // max(self.total, 1))


PUBLIC_STATUSES = [("CONFIRMED", "CONFIRMED"), ("CANCELLED", "CANCELLED")]
