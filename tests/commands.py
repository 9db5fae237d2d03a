"""What is really sent to MongoDB, as the driver reports it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from pymongo import monitoring


class Recorder(monitoring.CommandListener):
    """Notes ``command collection`` of each command while somebody listens."""

    def __init__(self) -> None:
        self.listeners: list[list[str]] = []

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        target = event.command.get(event.command_name)
        for heard in self.listeners:
            heard.append(f"{event.command_name} {target}")

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None: ...

    def failed(self, event: monitoring.CommandFailedEvent) -> None: ...


AN_HOUR = 3600.0
recorder = Recorder()
monitoring.register(recorder)  # for clients made from now on; tests/conftest.py imports this before Django's


@contextmanager
def database_commands() -> Iterator[list[str]]:
    """Collect the commands that this process sends meanwhile, but for the periodic look at who was revoked."""
    from accounts.revocations import revocations

    revocations.covers(user_id="", seen=0)
    revocations._read_at += AN_HOUR
    heard: list[str] = []
    recorder.listeners.append(heard)
    try:
        yield heard
    finally:
        recorder.listeners.remove(heard)
        revocations._read_at -= AN_HOUR


@contextmanager
def breaking_off(command: str, collection: str) -> Iterator[None]:
    """Have MongoDB itself close the connection on each such command, as it does when its primary steps down."""
    connection.ensure_connection()
    admin, where = connection.connection.admin, f"{connection.settings_dict['NAME']}.{collection}"
    data = {"failCommands": [command], "namespace": where, "closeConnection": True}
    admin.command("configureFailPoint", "failCommand", mode="alwaysOn", data=data)
    try:
        yield
    finally:
        admin.command("configureFailPoint", "failCommand", mode="off")


@contextmanager
def failing(command: str, *, times: int, **how: Any) -> Iterator[None]:
    """Have MongoDB itself fail so many of these commands: before (``closeConnection``, ``errorCode``) or after it
    carried them out (``writeConcernError``).
    """
    connection.ensure_connection()
    admin, data = connection.connection.admin, {"failCommands": [command], **how}
    admin.command("configureFailPoint", "failCommand", mode={"times": times}, data=data)
    try:
        yield
    finally:
        admin.command("configureFailPoint", "failCommand", mode="off")
