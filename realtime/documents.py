"""Notifications and webhook deliveries as MongoDB holds them."""

from datetime import datetime
from typing import TypedDict


class NewNotification(TypedDict):
    """A notification without its number yet. Each type has its own ``data``: see realtime/notifications/messages.py."""

    _id: str
    recipient: str
    type: str
    created_at: datetime
    read: bool
    data: dict[str, object]


class NotificationDocument(NewNotification):
    seq: int


class StoredNotification(TypedDict):
    """The part of a stored notification that is sent to sockets."""

    seq: int
    type: str
    created_at: datetime
    data: dict[str, object]


class AttemptDocument(TypedDict):
    at: str
    status: int | None
    error: str | None
    durationMs: int


class DeliveryDocument(TypedDict):
    _id: str
    webhook: str
    type: str
    body: str
    status: str
    created_at: datetime
    due_at: datetime
    locked_until: datetime
    round: int
    tries: int
    log: list[AttemptDocument]
