"""Notifications and webhook deliveries as MongoDB holds them."""

from datetime import datetime
from typing import TypedDict


class NewNotification(TypedDict):
    """A notification that has no number yet. ``data`` is the message of its type (realtime/sockets/messages.py)."""

    _id: str
    recipient: str
    type: str
    created_at: datetime
    read: bool
    data: dict[str, object]


class NotificationDocument(NewNotification):
    seq: int


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
