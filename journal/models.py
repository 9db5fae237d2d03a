"""What happened: outbox, audit trail and event log in one append-only collection."""

from typing import Any, ClassVar, Self

from django.db import models
from django_mongodb_backend.fields import ArrayField

from config.core.clock import now
from config.mongo.collections import Documents
from journal.documents import BatchDocument, EntryDocument, LeaseDocument


class Entry(models.Model):
    """One state change. ``_id`` is derived from its subject where a repeat must be harmless.

    ``pending`` names the handlers that have not had it yet; ``delivered`` says when each of the others had.
    ``failures`` holds, for each handler that failed, how often, why, and when it is tried again.
    """

    id = models.CharField(primary_key=True, db_column="_id", max_length=80)
    type = models.CharField(max_length=40)
    at = models.DateTimeField(default=now)
    actor = models.CharField(max_length=16, blank=True)
    request_id = models.CharField(max_length=128, blank=True)
    subject = models.CharField(max_length=16)
    data = models.JSONField(default=dict)
    pending = ArrayField(models.CharField(max_length=20), default=list)
    delivered = models.JSONField(default=dict)
    failures = models.JSONField(default=dict)

    objects: ClassVar[Any] = models.Manager()
    documents = Documents[EntryDocument]()

    class Meta:
        verbose_name_plural = "entries"
        indexes = (
            models.Index(fields=["pending", "at", "id"], name="entry_pending"),
            models.Index(fields=["subject", "at"], name="entry_subject"),
            models.Index(fields=["-at", "-id"], name="entry_newest"),
            models.Index(fields=["type", "-at"], name="entry_type"),
        )

    def __str__(self) -> str:
        return self.id

    @classmethod
    def of(cls, document: EntryDocument) -> Self:
        """Return the entry of a document as MongoDB holds it, or parts of one."""
        return cls(**{"id" if name == "_id" else name: value for name, value in document.items()})


class Lease(models.Model):
    """Who drains for a handler, and until when. One drainer a handler keeps entries in order."""

    handler = models.CharField(primary_key=True, db_column="_id", max_length=20)
    owner = models.CharField(max_length=40, blank=True)
    until = models.DateTimeField()
    again = models.BooleanField(default=False)

    objects: ClassVar[Any] = models.Manager()
    documents = Documents[LeaseDocument]()

    def __str__(self) -> str:
        return self.handler


class Batch(models.Model):
    """Entries that the writer of the event log is about to append: to which file, from which byte on."""

    name = models.CharField(primary_key=True, db_column="_id", max_length=20)
    inode = models.BigIntegerField()
    offset = models.BigIntegerField()
    entries = ArrayField(models.CharField(max_length=60), default=list)

    objects: ClassVar[Any] = models.Manager()
    documents = Documents[BatchDocument]()

    def __str__(self) -> str:
        return self.name
