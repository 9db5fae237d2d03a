"""What happened: outbox, audit trail and event log in one append-only collection."""

from typing import ClassVar, Self

from django.db import models
from django_mongodb_backend.fields import ArrayField

from config.core.clock import now
from config.mongo.collections import Documents
from journal.documents import BatchDocument, EntryDocument, LeaseDocument


class Entry(models.Model):
    """One state change. Where a repeated append must be harmless, ``id`` is derived from the cause of the change.

    ``pending`` names the handlers that have not taken the entry; one that gave up has ``retries.GIVEN_UP`` before its
    name. ``delivered`` has the time at which each other handler took it. ``failures`` has the last failure of each
    handler that failed.
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

    objects: ClassVar[models.Manager["Entry"]] = models.Manager()
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
        """Return the entry of a document as MongoDB holds it, whole or a projection."""
        return cls(**{"id" if name == "_id" else name: value for name, value in document.items()})


class Lease(models.Model):
    """Which process works on something, mostly on the entries of a handler, and until when.

    ``again``: another process asked the holder for one more pass.
    """

    handler = models.CharField(primary_key=True, db_column="_id", max_length=20)
    owner = models.CharField(max_length=40, blank=True)
    until = models.DateTimeField()
    again = models.BooleanField(default=False)

    objects: ClassVar[models.Manager["Lease"]] = models.Manager()
    documents = Documents[LeaseDocument]()

    def __str__(self) -> str:
        return self.handler


class Batch(models.Model):
    """Entries that the writer of the event log is about to append: to which file, from which byte on."""

    name = models.CharField(primary_key=True, db_column="_id", max_length=20)
    inode = models.BigIntegerField()
    offset = models.BigIntegerField()
    entries = ArrayField(models.CharField(max_length=60), default=list)

    objects: ClassVar[models.Manager["Batch"]] = models.Manager()
    documents = Documents[BatchDocument]()

    def __str__(self) -> str:
        return self.name
