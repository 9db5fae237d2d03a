"""Events: what is for sale, and the counters of the seat ledger."""

from datetime import UTC, datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django_mongodb_backend.fields import ArrayField

from accounts.actors import Actor, AnonymousActor
from config.core.clock import now
from config.core.ids import new_id
from config.mongo.collections import Documents
from events.documents import EventDocument
from events.field_validators import validate_moment, validate_one_line, validate_tag, validate_timezone
from events.moderation.reasons import MAX_APPEAL, MAX_REPORT, Cause, ReportReason
from events.text_folding import fold, words_of

MAX_SEATS = 10_000_000
MAX_TAGS = 20
EPOCH = datetime(
    1970, 1, 1, tzinfo=UTC
)  # before it nothing was queued: in the filter of a partial index and its queries


def new_event_id() -> str:
    return new_id("EVT")


def new_report_id() -> str:
    return new_id("RPT")


class EventQuerySet(models.QuerySet["Event"]):
    """The vocabulary of reads."""

    def listed(self) -> Self:
        """Published and not hidden: what anyone may see."""
        return self.filter(status=Event.Status.PUBLISHED, hidden=False)

    def upcoming(self, moment: datetime) -> Self:
        return self.filter(starts_at__gt=moment)

    def of(self, organizer: Actor) -> Self:
        return self.filter(organizer=organizer.id)

    def in_every_state(self) -> Self:
        """Name all the states: an index that begins with them then serves where none is asked for."""
        return self.filter(status__in=Event.Status.values, hidden__in=(False, True))

    def queued(self, cause: str = "") -> Self:
        """What staff should look at, for any cause or for this one."""
        waiting = self.filter(queued_at__gt=EPOCH)
        return waiting.filter(queue__contains=[cause]) if cause else waiting

    def oldest_first(self) -> Self:
        return self.order_by("queued_at", "id")

    def with_organizer(self) -> Self:
        return self.select_related("organizer")

    def matching(self, query: str) -> Self:
        """Keep events that have, for each word of the query, a word beginning with it; none if it has no word.

        The longest word comes first: MongoDB looks that one up in the index, and it has the fewest matches.
        """
        words = sorted(words_of(query), key=len, reverse=True)
        found = self if words else self.none()
        for word in words:
            found = found.filter(words__hasprefix=word)
        return found


class Event(models.Model):
    """One event. Rules that change it live in events/versioned_change.py, its counters in bookings/seats/ledger.py.

    The document also has ``claims``, which only the ledger reads and writes: claim id -> bookings in the making.
    ``seat_transactions`` counts the transactions that moved seats (bookings/seats/transactions.py): their order.

    What staff see to (events/moderation): ``queue`` says why the event waits for them since ``queued_at``, ``flags``
    which rules it met, ``reports`` how many customers reported it, ``approved`` what it said when it was last approved.
    ``notes_to_self`` holds ``{at, by, name, text}``; ``appeal`` is open while the queue names it.
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

    objects: ClassVar[Any] = EventQuerySet.as_manager()
    documents = Documents[EventDocument]()

    class Meta:
        # Each ends with what else the public list asks for: MongoDB then leaves out past events, and counts, by index.
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
            # These two hold what waits for staff only: nearly all events do not.
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

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only: saving a copy over the document would undo the seats sold since it was read."""
        if not self._state.adding:
            raise TypeError("Change an event through events.services: its counters move while you hold a copy.")
        for name, key in self.search_keys().items():
            setattr(self, name, key)
        super().save(*args, **kwargs)

    def search_keys(self) -> dict[str, Any]:
        """Return the derived fields that filters, sorting and search use."""
        return {
            "city_key": fold(self.city),
            "category_key": fold(self.category),
            "tag_keys": sorted({fold(tag) for tag in self.tags}),
            "title_key": fold(self.title),
            "words": words_of(self.title, self.description, self.venue),
        }

    def is_owned_by(self, caller: Actor | AnonymousActor) -> bool:
        return bool(caller.id) and self.organizer_id == caller.id

    def is_listed(self) -> bool:
        return self.status == self.Status.PUBLISHED and not self.hidden

    def is_visible_to(self, caller: Actor | AnonymousActor) -> bool:
        """Cancelled events stay readable for those who booked; drafts and hidden ones are the owner's and staff's."""
        public = self.status != self.Status.DRAFT and not self.hidden
        return public or caller.is_staff or self.is_owned_by(caller)

    def is_past(self, moment: datetime) -> bool:
        return self.starts_at <= moment


class Report(models.Model):
    """What a customer says is wrong with an event. Inserted by events/moderation/reports.py; once for each of both."""

    id = models.CharField(primary_key=True, db_column="_id", max_length=16, default=new_report_id, editable=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="complaints", db_index=False)
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="complaints", db_index=False
    )
    reason = models.CharField(max_length=10, choices=ReportReason)
    text = models.TextField(max_length=MAX_REPORT, blank=True)
    created_at = models.DateTimeField(default=now)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["event", "customer"], name="report_once"),)
        indexes = (
            models.Index(fields=["event", "-created_at", "-id"], name="report_of_event"),
            models.Index(fields=["customer", "-created_at", "-id"], name="report_of_customer"),
            models.Index(fields=["-created_at", "-id"], name="report_newest"),
        )

    def __str__(self) -> str:
        return self.id
