"""The driver underneath the ORM, for hot paths and for queries that the ORM cannot express."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar, cast

from django.db import connection, models
from pymongo import MongoClient
from pymongo.client_session import ClientSession
from pymongo.collection import Collection

D = TypeVar("D", bound=Mapping[str, object])
Row = dict[str, Any]  # a result of an aggregation: its fields are those that the stages compute
Stage = Mapping[str, object]


class Documents(Generic[D]):
    """The pymongo collection of a model; with DEBUG one that logs its queries.

    ``documents = Documents[EventDocument]()`` stands beside ``objects`` in a model: ``Event.documents.find_one(…)``.
    Inside a transaction pass ``session=running_session()``; without it the call is not part of the transaction.
    """

    def __get__(self, instance: models.Model | None, model: type[models.Model]) -> Collection[D]:
        found = connection.get_collection(model._meta.db_table)  # type: ignore[attr-defined]  # the MongoDB backend has it
        return cast("Collection[D]", found)


def aggregate(documents: Collection[D], stages: Sequence[Stage], **options: object) -> Iterator[Row]:
    """Yield the rows of an aggregation, which differ from the documents of the collection."""
    found = documents.aggregate(stages, **cast("Row", options))
    yield from cast("Iterator[Row]", found)


def running_session() -> ClientSession | None:
    """Return the session of this thread's transaction, if there is one."""
    session: ClientSession | None = connection.session  # type: ignore[attr-defined]  # the MongoDB backend has it
    return session


def client() -> "MongoClient[Row]":
    """Return the client of this process."""
    connection.ensure_connection()
    return connection.connection
