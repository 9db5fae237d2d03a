"""The driver underneath the ORM, for hot paths and for what the ORM cannot say."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar, cast

from django.db import connection, models
from pymongo import MongoClient
from pymongo.client_session import ClientSession
from pymongo.collection import Collection

D = TypeVar("D", bound=Mapping[str, Any])
Row = dict[str, Any]
Stage = Mapping[str, object]


class Documents(Generic[D]):
    """The pymongo collection of a model (under DEBUG one that logs its queries).

    ``documents = Documents[EventDocument]()`` stands beside ``objects`` in a model: ``Event.documents.find_one(…)``.
    Inside a transaction pass ``session=running_session()``, or the call stands outside of it.
    """

    def __get__(self, instance: models.Model | None, model: type[models.Model]) -> Collection[D]:
        found = connection.get_collection(model._meta.db_table)  # type: ignore[attr-defined]  # the MongoDB backend has it
        return cast("Collection[D]", found)


def aggregate(documents: Collection[D], stages: Sequence[Stage], **options: object) -> Iterator[Row]:
    """Yield what an aggregation computes: rows that look different from the collection's own documents."""
    found = documents.aggregate(stages, **cast("Row", options))
    yield from cast("Iterator[Row]", found)


def running_session() -> ClientSession | None:
    """Return the session of the transaction that this thread is in, if any."""
    session: ClientSession | None = connection.session  # type: ignore[attr-defined]  # the MongoDB backend has it
    return session


def client() -> "MongoClient[Row]":
    """Return the one client of this process."""
    connection.ensure_connection()
    return connection.connection
