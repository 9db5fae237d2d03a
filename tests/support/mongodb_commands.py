"""The commands that are sent to MongoDB, as the driver reports them, and commands that MongoDB is made to fail."""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from django.db import connection
from pymongo import monitoring


class CommandRecorder(monitoring.CommandListener):
    """Appends ``command collection`` to a list for each command of one thread, or of all threads."""

    def __init__(self) -> None:
        self.targets: list[tuple[list[str], int | None]] = []  # the thread, or None for all

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        target = event.command.get(event.command_name)
        for commands, thread in self.targets:
            if thread in {None, threading.get_ident()}:
                commands.append(f"{event.command_name} {target}")

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None: ...

    def failed(self, event: monitoring.CommandFailedEvent) -> None: ...


AN_HOUR = 3600.0
recorder = CommandRecorder()
monitoring.register(recorder)  # for clients made from now on; tests/conftest.py imports this before Django's


@contextmanager
def database_commands(*, thread: int | None = None) -> Iterator[list[str]]:
    """Collect the commands that this process, or one thread of it, sends inside.

    The periodic read of revoked users is postponed.
    """
    from accounts.revocations import revocations

    revocations.is_revoked(user_id="", known=0)
    revocations._read_at += AN_HOUR
    commands: list[str] = []
    recorder.targets.append(target := (commands, thread))
    try:
        yield commands
    finally:
        recorder.targets.remove(target)
        revocations._read_at -= AN_HOUR


@contextmanager
def breaking_off(command: str, collection: str) -> Iterator[None]:
    """Have MongoDB close the connection on each such command, as it does when its primary steps down."""
    connection.ensure_connection()
    where = f"{connection.settings_dict['NAME']}.{collection}"
    with fail_point("alwaysOn", {"failCommands": [command], "namespace": where, "closeConnection": True}):
        yield


@contextmanager
def fail_point(mode: str | dict[str, int], data: dict[str, Any]) -> Iterator[None]:
    """Set MongoDB's only fail point, for the commands of this process; other test processes wait for the lock."""
    connection.ensure_connection()
    admin = connection.connection.admin
    with Path(gettempdir(), f"fail-point-{admin.client.address[1]}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        own = {**data, "appName": os.environ["TEST_APP_NAME"]}
        admin.command("configureFailPoint", "failCommand", mode=mode, data=own)
        try:
            yield
        finally:
            admin.command("configureFailPoint", "failCommand", mode="off")


@contextmanager
def failing(command: str, *, times: int, **how: Any) -> Iterator[None]:
    """Have MongoDB fail that many of these commands: before (``closeConnection``, ``errorCode``) or after it executed
    them (``writeConcernError``).
    """
    with fail_point({"times": times}, {"failCommands": [command], **how}):
        yield
