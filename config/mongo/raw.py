"""The driver underneath the ORM, for hot paths and for what the ORM cannot say."""

from typing import Any

from django.db import connection, models
from pymongo import MongoClient
from pymongo.client_session import ClientSession


def collection(model: type[models.Model]) -> Any:
    """Return the pymongo collection of a model (under DEBUG one that logs its queries).

    Inside a transaction pass ``session=running_session()``, or the call stands outside of it.
    """
    return connection.get_collection(model._meta.db_table)  # type: ignore[attr-defined]  # the MongoDB backend has it


def running_session() -> ClientSession | None:
    """Return the session of the transaction that this thread is in, if any."""
    session: ClientSession | None = connection.session  # type: ignore[attr-defined]  # the MongoDB backend has it
    return session


def client() -> "MongoClient[dict[str, Any]]":
    """Return the one client of this process."""
    connection.ensure_connection()
    return connection.connection
