"""A user as MongoDB holds one: the part that the driver writes."""

from datetime import datetime
from typing import TypedDict


class UserDocument(TypedDict):
    _id: str
    tokens_revoked_at: datetime | None
