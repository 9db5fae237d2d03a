"""Notifications, as stored for each recipient."""

from typing import Any, ClassVar

from django.db import models


class Notification(models.Model):
    """One message to one user. ``seq`` rises by one for each recipient, without gaps.

    ``_id`` is made of the recipient and the journal entry, so that delivering an entry twice stores it once.
    """

    id = models.CharField(primary_key=True, db_column="_id", max_length=110)
    recipient = models.CharField(max_length=16)
    seq = models.BigIntegerField()
    type = models.CharField(max_length=40)
    created_at = models.DateTimeField()
    read = models.BooleanField(default=False)
    data = models.JSONField(default=dict)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["recipient", "seq"], name="notification_order"),)

    def __str__(self) -> str:
        return self.id
