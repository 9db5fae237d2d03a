"""Notifications, webhooks and their deliveries."""

from typing import Self

from django.db import models
from django_mongodb_backend.fields import ArrayField

from accounts.actors import Actor, AnonymousActor
from config.core.clock import now
from config.core.ids import new_id
from config.mongo.collections import Documents
from realtime.documents import DeliveryDocument, NotificationDocument

MAX_URL_LENGTH = 2048


def new_webhook_id() -> str:
    return new_id("WH")


class NotificationQuerySet(models.QuerySet["Notification"]):
    def of(self, recipient: Actor | AnonymousActor) -> Self:
        return self.filter(recipient=recipient.id)

    def unread(self) -> Self:
        return self.filter(read=False)

    def in_order(self) -> Self:
        return self.order_by("seq")


class Notification(models.Model):
    """A message to one user. ``seq`` counts a recipient's notifications, without gaps.

    ``_id`` consists of the recipient and the journal entry, so an entry that is delivered twice is stored once.
    """

    id = models.CharField(primary_key=True, db_column="_id", max_length=110)
    recipient = models.CharField(max_length=16)
    seq = models.BigIntegerField()
    type = models.CharField(max_length=40)
    created_at = models.DateTimeField()
    read = models.BooleanField(default=False)
    data = models.JSONField(default=dict)

    objects = NotificationQuerySet.as_manager()
    documents = Documents[NotificationDocument]()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["recipient", "seq"], name="notification_order"),)
        indexes = (models.Index(fields=["recipient", "read", "seq"], name="notification_unread"),)

    def __str__(self) -> str:
        return self.id


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def of(self, organizer: Actor | AnonymousActor) -> Self:
        return self.filter(organizer=organizer.id)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-id")


class Webhook(models.Model):
    """A URL of an organizer's own system, and the types of events that are sent to it.

    ``slot`` numbers an organizer's webhooks: its unique index keeps concurrent requests within the limit.
    ``struggling``: the receiver's last response was missing or slow, so it is served apart from the others.
    """

    id = models.CharField(primary_key=True, db_column="_id", max_length=16, default=new_webhook_id, editable=False)
    organizer = models.CharField(max_length=16)
    slot = models.IntegerField()
    url = models.CharField(max_length=MAX_URL_LENGTH)
    event_types = ArrayField(models.CharField(max_length=40))
    secret = models.CharField(max_length=80)
    struggling = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=now)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["organizer", "slot"], name="webhook_slot"),)

    def __str__(self) -> str:
        return self.id


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def of(self, webhook: Webhook) -> Self:
        return self.filter(webhook=webhook.id)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-id")


class Delivery(models.Model):
    """A message to one webhook. A TTL index (migration 0003) deletes it 30 days after it was made.

    ``_id`` consists of the webhook and the journal entry, so an entry that is delivered twice is stored once. ``body``
    is the exact text that is signed and sent. ``locked_until`` is the end of a worker's lease, and its fencing token.
    ``round`` counts the requests to send it again, ``tries`` the attempts since the last of them. ``log`` holds the
    last attempts: ``{at, status, error, durationMs}``.
    """

    class Status(models.TextChoices):
        PENDING = "PENDING"
        DELIVERED = "DELIVERED"
        FAILED = "FAILED"

    id = models.CharField(primary_key=True, db_column="_id", max_length=110)
    webhook = models.CharField(max_length=16)
    type = models.CharField(max_length=40)
    body = models.TextField()
    status = models.CharField(max_length=10, choices=Status)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    locked_until = models.DateTimeField()
    round = models.IntegerField(default=0)
    tries = models.IntegerField(default=0)
    log = models.JSONField(default=list)

    objects = DeliveryQuerySet.as_manager()
    documents = Documents[DeliveryDocument]()

    class Meta:
        verbose_name_plural = "deliveries"
        # The first two hold pending deliveries only, a small part of all.
        indexes = (
            models.Index(
                fields=["status", "due_at", "webhook", "locked_until"],
                condition=models.Q(status="PENDING"),
                name="delivery_due",
            ),
            models.Index(
                fields=["status", "webhook", "due_at", "locked_until"],
                condition=models.Q(status="PENDING"),
                name="delivery_turn",
            ),
            models.Index(fields=["webhook", "-created_at", "-id"], name="delivery_newest"),
        )

    def __str__(self) -> str:
        return self.id

    @classmethod
    def of(cls, document: DeliveryDocument) -> Self:
        """Return the delivery of a document as MongoDB holds it."""
        return cls(**{"id" if name == "_id" else name: value for name, value in document.items()})
