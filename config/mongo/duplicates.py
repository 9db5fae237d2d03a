"""Which unique index refused a write."""

from typing import Any

from django.db import IntegrityError
from pymongo.errors import BulkWriteError, DuplicateKeyError

DUPLICATE_KEY = 11000


def violated_fields(error: IntegrityError | BulkWriteError | DuplicateKeyError) -> set[str]:
    """Return the fields of the unique index that the write collided with; empty when it was something else."""
    cause = error.__cause__ if isinstance(error, IntegrityError) else error
    details: Any = getattr(cause, "details", None) or {}
    faults = details.get("writeErrors") or [details]
    return {field for fault in faults if fault.get("code") == DUPLICATE_KEY for field in fault.get("keyPattern", {})}
