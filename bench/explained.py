"""What MongoDB examines for the commands that the code really sends."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection
from pymongo import monitoring

READS = {"aggregate", "find", "count", "distinct"}
Command = dict[str, object]
ADDED_BY_DRIVER = {"lsid", "txnNumber", "$clusterTime", "$db", "$readPreference"}


@dataclass(frozen=True, slots=True)
class Examined:
    documents: int = 0
    keys: int = 0

    def __add__(self, other: "Examined") -> "Examined":
        return Examined(self.documents + other.documents, self.keys + other.keys)


class Recorder(monitoring.CommandListener):
    """Keeps the reads that are sent, while ``recorded`` is a list."""

    def __init__(self) -> None:
        self.recorded: list[Command] | None = None

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if self.recorded is not None and event.command_name in READS:
            self.recorded.append(copy.deepcopy(dict(event.command)))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None: ...

    def failed(self, event: monitoring.CommandFailedEvent) -> None: ...


recorder = Recorder()
monitoring.register(recorder)  # for clients made from now on


@contextmanager
def recorded_reads() -> Iterator[list[Command]]:
    """Collect the reads that this process sends meanwhile."""
    recorder.recorded = commands = []
    try:
        yield commands
    finally:
        recorder.recorded = None


def examined(commands: list[Command]) -> Examined:
    """Return what MongoDB examines for these commands together."""
    return sum((total(explain(command)) for command in commands), Examined())


def explain(command: Command) -> object:
    plain = {name: value for name, value in command.items() if name not in ADDED_BY_DRIVER}
    return connection.database.command("explain", plain, verbosity="executionStats")


def total(plan: object) -> Examined:
    """Add up the totals of an explanation: those of its plan, its ``$cursor`` stage and each ``$lookup``."""
    if isinstance(plan, list):
        return sum((total(part) for part in plan), Examined())
    if not isinstance(plan, dict):
        return Examined()
    if "totalDocsExamined" in plan:
        return Examined(int(plan["totalDocsExamined"]), int(plan["totalKeysExamined"]))
    return sum((total(part) for part in plan.values()), Examined())
