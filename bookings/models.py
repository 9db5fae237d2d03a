"""Bookings, waitlists, and jobs over all bookings of an event. Seat counters of events must agree with bookings."""

from typing import ClassVar, Self, TypeVar

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
    """Reads that bookings and waitlist entries share."""

    def of(self, customer: Actor | AnonymousActor) -> Self:
        return self.filter(customer=customer.id)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-id")


class BookingQuerySet(CustomerQuerySet["Booking"]):
    def real(self) -> Self:
        """Leave out the tombstones of bookings that were never inserted."""
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
    idempotency = models.JSONField(null=True)  # see IdempotencyDocument

    objects = BookingQuerySet.as_manager()
    documents = Documents[BookingDocument]()

    class Meta:
        indexes = (
            models.Index(fields=["customer", "-created_at", "-id"], name="booking_of_customer"),
            models.Index(fields=["event", "-created_at", "-id"], name="booking_of_event"),
            models.Index(fields=["event", "status", "customer"], name="booking_of_attendee"),
            models.Index(fields=["-created_at", "-id"], name="booking_newest"),
            # Costs the booking path nothing: it inserts no cancelled bookings.
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
        # Migration 0002 makes (customer, idempotency_key) unique where there is a key, by an index that lookups use.

    def __str__(self) -> str:
        return self.id

    def save(self, *args: object, **kwargs: object) -> None:
        raise TypeError("Bookings change through bookings.services, which moves their seats too.")

    def is_visible_to(self, actor: Actor | AnonymousActor) -> bool:
        return actor.is_staff or self.customer_id == actor.id or self.event.is_owned_by(actor)


class WaitlistEntry(models.Model):
    """A customer who waits for ``qty`` seats, all of them together. Changed by bookings/waitlist only.

    ``place`` puts the entries of an event in order: it is the number of the seat transaction that inserted them.
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
    place = models.BigIntegerField()
    created_at = models.DateTimeField()
    offered_at = models.DateTimeField(null=True)
    offer_expires_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    booking_id = models.CharField(max_length=16, null=True)

    objects = WaitlistQuerySet.as_manager()
    documents = Documents[WaitlistDocument]()

    class Meta:
        verbose_name_plural = "waitlist entries"
        indexes = (
            models.Index(fields=["event", "status", "place"], name="waitlist_order"),
            models.Index(fields=["event", "status", "qty", "place"], name="waitlist_by_size"),
            models.Index(fields=["customer", "-created_at", "-id"], name="waitlist_of_customer"),
            models.Index(fields=["status", "offer_expires_at", "qty"], name="waitlist_expiry"),
            models.Index(fields=["-created_at", "-id"], name="waitlist_newest"),
            models.Index(fields=["status", "-created_at", "-id"], name="waitlist_by_status"),
        )

    def __str__(self) -> str:
        return self.id

    def save(self, *args: object, **kwargs: object) -> None:
        raise TypeError("Waitlist entries change through bookings.waitlist, which moves their seats too.")


class EventJob(models.Model):
    """Work on all bookings of an event, in chunks; its ``_id`` is that of the journal entry that asked for it.

    ``cursor`` is the last customer who was notified. If a worker dies, the next one goes on after its last chunk.
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

    objects: ClassVar["models.Manager[EventJob]"] = models.Manager()
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
