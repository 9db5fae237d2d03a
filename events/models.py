"""Events with the counters of the seat ledger, and the reports of customers about them."""

from datetime import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django_mongodb_backend.fields import ArrayField

from config.core.clock import now
from config.core.ids import new_id
from config.mongo.collections import Documents
from events import visibility
from events.documents import EventDocument, SearchKeys
from events.field_validators import validate_moment, validate_one_line, validate_tag, validate_timezone
from events.moderation.reasons import MAX_APPEAL, MAX_REPORT, Cause, ReportReason
from events.querysets import EPOCH, EventQuerySet
from events.text_folding import fold, words_of

MAX_SEATS = 10_000_000
MAX_TAGS = 20


def new_event_id() -> str:
    return new_id("EVT")


def new_report_id() -> str:
    return new_id("RPT")


class Event(models.Model):
    """One event. Rules that change it live in events/versioned_change.py, its counters in bookings/seats/ledger.py.

    The document also has ``claims`` (claim id -> bookings that are being inserted), of the ledger alone.
    ``seat_transactions`` counts the transactions that moved seats (bookings/seats/transactions.py): their order.

    Moderation (events/moderation): ``queue`` holds the causes why the event is in the queue since ``queued_at``,
    ``flags`` the rules that flagged it, ``reports`` the number of customers' reports, ``approved`` the fields as they
    were at the last approval. ``notes_to_self`` holds ``{at, by, name, text}`` of each note; ``appeal`` is open while
    ``queue`` contains APPEALED.
    """

    class Status(models.TextChoices):
        DRAFT = "DRAFT"
        PUBLISHED = "PUBLISHED"
        CANCELLED = "CANCELLED"

    id = models.CharField(primary_key=True, db_column="_id", max_length=16, default=new_event_id, editable=False)
    organizer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="events", db_index=False
    )
    title = models.CharField(max_length=200, validators=[validate_one_line])
    description = models.TextField(max_length=10_000, blank=True)
    starts_at = models.DateTimeField("date", validators=[validate_moment])
    ends_at = models.DateTimeField("end date", null=True, blank=True, validators=[validate_moment])
    timezone = models.CharField(max_length=64, default="UTC", validators=[validate_timezone])
    city = models.CharField(max_length=100, validators=[validate_one_line])
    venue = models.CharField(max_length=200, blank=True, validators=[validate_one_line])
    category = models.CharField(max_length=50, blank=True, validators=[validate_one_line])
    tags = ArrayField(
        models.CharField(max_length=40, validators=[validate_tag]), max_size=MAX_TAGS, default=list, blank=True
    )
    price = models.DecimalField(max_digits=10, decimal_places=2, validators=[MinValueValidator(0)])

    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    hidden = models.BooleanField(default=False)
    hidden_reason = models.CharField(max_length=500, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)
    version = models.BigIntegerField(default=1)

    total_seats = models.BigIntegerField(validators=[MinValueValidator(1), MaxValueValidator(MAX_SEATS)])
    available_seats = models.BigIntegerField()
    held_seats = models.BigIntegerField(default=0)
    tickets_sold = models.BigIntegerField(default=0)
    revenue = models.DecimalField(max_digits=20, decimal_places=2, default=0)
    waitlist_length = models.BigIntegerField(default=0)
    seat_transactions = models.BigIntegerField(default=0)

    featured = models.BooleanField(default=False)
    queue = ArrayField(models.CharField(max_length=10, choices=Cause), default=list, editable=False)
    queued_at = models.DateTimeField(null=True, editable=False)
    flags = ArrayField(models.CharField(max_length=20), default=list, editable=False)
    reports = models.IntegerField(default=0, editable=False)
    approved = models.JSONField(null=True, editable=False)
    approved_at = models.DateTimeField(null=True, editable=False)
    approved_by = models.CharField(max_length=16, blank=True, editable=False)
    notes_to_self = models.JSONField(default=list, editable=False)
    appeal = models.CharField(max_length=MAX_APPEAL, blank=True, editable=False)

    city_key = models.CharField(max_length=200, editable=False)
    category_key = models.CharField(max_length=100, editable=False)
    tag_keys = ArrayField(models.CharField(max_length=80), default=list, editable=False)
    title_key = models.CharField(max_length=400, editable=False)
    words = ArrayField(models.CharField(max_length=64), default=list, editable=False)

    objects = EventQuerySet.as_manager()
    documents = Documents[EventDocument]()

    class Meta:
        # Each ends with the other fields of the public list's query: the index then skips past events, and counts.
        indexes = (
            models.Index(fields=["status", "hidden", "starts_at", "id"], name="event_by_date"),
            models.Index(fields=["status", "hidden", "city_key", "starts_at", "id"], name="event_by_city"),
            models.Index(fields=["status", "hidden", "tag_keys", "starts_at", "id"], name="event_by_tag"),
            models.Index(fields=["status", "hidden", "category_key", "starts_at", "id"], name="event_by_category"),
            models.Index(fields=["status", "hidden", "price", "id", "starts_at"], name="event_by_price"),
            models.Index(fields=["status", "hidden", "title_key", "id", "starts_at"], name="event_by_title"),
            models.Index(fields=["status", "hidden", "created_at", "id", "starts_at"], name="event_by_created"),
            models.Index(fields=["status", "hidden", "tickets_sold", "id", "starts_at"], name="event_by_popularity"),
            models.Index(fields=["status", "hidden", "words", "starts_at", "id"], name="event_by_word"),
            models.Index(fields=["status", "hidden", "revenue", "id"], name="event_by_revenue"),
            models.Index(fields=["organizer", "status", "starts_at", "id", "hidden"], name="event_of_organizer"),
            models.Index(fields=["-created_at", "-id"], name="event_newest"),
            models.Index(
                fields=["featured", "status", "hidden", "starts_at", "id"],
                condition=models.Q(featured=True),
                name="event_featured",
            ),
            # These two hold queued events only: nearly all events are not queued.
            models.Index(fields=["queued_at", "id"], condition=models.Q(queued_at__gt=EPOCH), name="event_queue"),
            models.Index(
                fields=["queue", "queued_at", "id"],
                condition=models.Q(queued_at__gt=EPOCH),
                name="event_queue_by_cause",
            ),
        )
        permissions = (("moderate_event", "Can decide about events in the moderation queue"),)

    def __str__(self) -> str:
        return f"{self.title} ({self.id})"

    def save(self, *args: object, **kwargs: object) -> None:
        """Insert only: saving a copy over the document would undo the seats sold since it was read."""
        if not self._state.adding:
            raise TypeError("Change an event through events.versioned_change: its counters move while you hold a copy.")
        for name, key in self.search_keys().items():
            setattr(self, name, key)
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # what Django's actors pass

    def search_keys(self) -> SearchKeys:
        """Return the derived fields that filters, sorting and search use."""
        return {
            "city_key": fold(self.city),
            "category_key": fold(self.category),
            "tag_keys": sorted({fold(tag) for tag in self.tags}),
            "title_key": fold(self.title),
            "words": words_of(self.title, self.description, self.venue),
        }

    is_owned_by, is_listed, is_visible_to = visibility.is_owned_by, visibility.is_listed, visibility.is_visible_to

    def is_past(self, moment: datetime) -> bool:
        return self.starts_at <= moment


class Report(models.Model):
    """A customer's report of an event, one for each customer and event. Inserted by events/moderation/reports.py."""

    id = models.CharField(primary_key=True, db_column="_id", max_length=16, default=new_report_id, editable=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="complaints", db_index=False)
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="complaints", db_index=False
    )
    reason = models.CharField(max_length=10, choices=ReportReason)
    text = models.TextField(max_length=MAX_REPORT, blank=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["event", "customer"], name="report_once"),)
        indexes = (
            models.Index(fields=["event", "-created_at", "-id"], name="report_of_event"),
            models.Index(fields=["customer", "-created_at", "-id"], name="report_of_customer"),
            models.Index(fields=["-created_at", "-id"], name="report_newest"),
        )

    def __str__(self) -> str:
        return self.id
