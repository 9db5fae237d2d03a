"""Writing the journal: every state change appends one entry."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog
from django_mongodb_backend.transaction import on_commit
from pymongo.errors import BulkWriteError

from config.mongo.duplicates import DUPLICATE_KEY
from config.mongo.raw import collection, running_session
from journal import handlers
from journal.ids import new_entry_id
from journal.models import Entry
from journal.prompt import courier
from journal.wake import wake


def record(*, type: str, subject: str, actor: str, at: datetime, data: dict[str, Any]) -> None:  # noqa: A002 - the entry's own word
    """Append an entry, inside the running transaction if there is one, and wake its handlers once it stands."""
    document = draft(
        id=new_entry_id(at), type=type, subject=subject, actor=actor, at=at, data=data, request_id=request_id()
    )
    record_drafts([document])


def record_drafts(documents: Sequence[dict[str, Any]]) -> None:
    """Append drafts inside the running transaction, and wake their handlers once they stand."""
    if documents:
        collection(Entry).insert_many(documents, session=running_session())
        names = {name for document in documents for name in document["pending"]}
        on_commit(lambda: wake(names))


def record_all(documents: Sequence[dict[str, Any]]) -> None:
    """Append drafts of what stands already, under ids of their own; one that is there already stays as it is.

    Prompt handlers get them first, the others from the worker.
    """
    if not documents:
        return
    courier.deliver(documents)
    try:
        collection(Entry).insert_many(documents, ordered=False)
    except BulkWriteError as error:
        if any(fault["code"] != DUPLICATE_KEY for fault in error.details["writeErrors"]):
            raise
    wake({name for document in documents for name in document["pending"]})


def draft(
    *,
    id: str,  # noqa: A002 - the entry's own word
    type: str,  # noqa: A002 - the entry's own word
    subject: str,
    actor: str,
    at: datetime,
    data: dict[str, Any],
    request_id: str = "",
) -> dict[str, Any]:
    """Return an entry as it is stored, addressed to every handler that wants its type."""
    return {
        "_id": id,
        "type": type,
        "at": at,
        "actor": actor,
        "request_id": request_id,
        "subject": subject,
        "data": data,
        "pending": handlers.names_for(type, data),
        "delivered": {},
        "failures": {},
    }


def request_id() -> str:
    """Return the id of the request that is being served, if any."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))
