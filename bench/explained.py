"""What MongoDB looks at for the very commands that the code sends."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from pymongo import monitoring

READS = {"aggregate", "find", "count", "distinct"}
OF_THE_DRIVER = {"lsid", "txnNumber", "$clusterTime", "$db", "$readPreference"}


@dataclass(frozen=True, slots=True)
class Examined:
    documents: int = 0
    keys: int = 0

    def __add__(self, other: "Examined") -> "Examined":
        return Examined(self.documents + other.documents, self.keys + other.keys)


class Listener(monitoring.CommandListener):
    """Keeps the reads that are sent while somebody listens."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] | None = None

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if self.heard is not None and event.command_name in READS:
            self.heard.append(copy.deepcopy(dict(event.command)))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None: ...

    def failed(self, event: monitoring.CommandFailedEvent) -> None: ...


listener = Listener()
monitoring.register(listener)  # for clients made from now on


@contextmanager
def reads() -> Iterator[list[dict[str, Any]]]:
    """Collect the reads that this process sends meanwhile."""
    listener.heard = heard = []
    try:
        yield heard
    finally:
        listener.heard = None


def examined(commands: list[dict[str, Any]]) -> Examined:
    """Return what MongoDB examines for these commands together."""
    return sum((total(explain(command)) for command in commands), Examined())


def explain(command: dict[str, Any]) -> Any:
    plain = {name: value for name, value in command.items() if name not in OF_THE_DRIVER}
    return connection.database.command("explain", plain, verbosity="executionStats")


def total(plan: Any) -> Examined:
    """Add up the totals of an explanation: of its plan, of its ``$cursor`` stage, of each ``$lookup``."""
    if isinstance(plan, list):
        return sum((total(part) for part in plan), Examined())
    if not isinstance(plan, dict):
        return Examined()
    if "totalDocsExamined" in plan:
        return Examined(int(plan["totalDocsExamined"]), int(plan["totalKeysExamined"]))
    return sum((total(part) for part in plan.values()), Examined())
