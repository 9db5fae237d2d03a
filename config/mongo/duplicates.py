"""Writes that a unique index may refuse."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.db import IntegrityError
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError, DuplicateKeyError

DUPLICATE_KEY = 11000
D = TypeVar("D", bound=Mapping[str, Any])


def insert_missing(collection: Collection[D], documents: Sequence[D]) -> None:
    """Insert documents; one whose key is taken already stays out, and the one that is there stays as it is."""
    try:
        collection.insert_many(documents, ordered=False)
    except BulkWriteError as error:
        if any(fault["code"] != DUPLICATE_KEY for fault in error.details["writeErrors"]):
            raise


def violated_fields(error: IntegrityError | BulkWriteError | DuplicateKeyError) -> set[str]:
    """Return the fields of the unique index that the write collided with; empty when it was something else."""
    cause = error.__cause__ if isinstance(error, IntegrityError) else error
    details: Any = getattr(cause, "details", None) or {}
    faults = details.get("writeErrors") or [details]
    return {field for fault in faults if fault.get("code") == DUPLICATE_KEY for field in fault.get("keyPattern", {})}
