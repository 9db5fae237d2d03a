"""Writes that a unique index may refuse."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from django.db import IntegrityError
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError, DuplicateKeyError

DUPLICATE_KEY = 11000
D = TypeVar("D", bound=Mapping[str, object])


def insert_ignoring_duplicates(collection: Collection[D], documents: Sequence[D]) -> None:
    """Insert documents; one that collides with a stored document is left out.

    Raises:
        BulkWriteError: an error other than a duplicate, or the majority did not confirm the write.
    """
    try:
        collection.insert_many(documents, ordered=False)
    except BulkWriteError as error:
        faults = [*error.details["writeErrors"], *error.details["writeConcernErrors"]]
        if any(fault["code"] != DUPLICATE_KEY for fault in faults):
            raise


def violated_fields(error: IntegrityError | BulkWriteError | DuplicateKeyError) -> set[str]:
    """Return the fields of the unique index that the write collided with; empty for any other error."""
    cause = error.__cause__ if isinstance(error, IntegrityError) else error
    details = getattr(cause, "details", None) or {}
    faults = details.get("writeErrors") or [details]
    return {field for fault in faults if fault.get("code") == DUPLICATE_KEY for field in fault.get("keyPattern", {})}
