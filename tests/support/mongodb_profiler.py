"""What MongoDB did for a request, according to its own profiler."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass(frozen=True)
class ProfiledCommand:
    """A command: its collection, its plan, the documents that it examined, and whether it sorted in memory."""

    collection: str
    plan: str
    documents: int
    sorts_in_memory: bool


@contextmanager
def profiled() -> Iterator[list[ProfiledCommand]]:
    """Collect the commands that are sent to the database of this test meanwhile, inserts left out."""
    database, done = connection.database, []
    database.command("profile", 0)
    database["system.profile"].drop()
    database.command("profile", 2)
    try:
        yield done
    finally:
        database.command("profile", 0)
        done += map(read, database["system.profile"].find({"op": {"$ne": "insert"}}).sort("ts"))


def read(entry: dict[str, Any]) -> ProfiledCommand:
    return ProfiledCommand(
        collection=entry["ns"].partition(".")[2],
        plan=entry.get("planSummary", ""),
        documents=entry.get("docsExamined", 0),
        sorts_in_memory=entry.get("hasSortStage", False),
    )
