"""A MongoDB and a Valkey whose data is deleted afterwards: for tests and lint."""

import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.launcher.mongod import Mongod
from config.launcher.processes import Child
from config.launcher.supervisor import Signals, Stop
from config.launcher.valkey import ValkeyServer

IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a private directory is made inside
ENOUGH_BYTES = 2 * 1024**3
LITTLE_DISK_USE = ("--setParameter", "diagnosticDataCollectionEnabled=false", "--oplogSize", "128")
FAIL_POINTS = ("--setParameter", "enableTestCommands=1")  # lets a test have the server itself break a connection


@dataclass(frozen=True, slots=True)
class Servers:
    mongod: Mongod
    valkey: ValkeyServer


@contextmanager
def temporary_servers() -> Iterator[Servers]:
    directory = Path(tempfile.mkdtemp(prefix="boxoffice-", dir=directory_in_memory()))
    mongod = Mongod(directory / "mongodb", extra=(*LITTLE_DISK_USE, *FAIL_POINTS))
    servers = Servers(mongod, ValkeyServer(directory / "valkey"))
    try:
        servers.mongod.start()
        servers.valkey.start()
        yield servers
    finally:
        servers.valkey.stop()
        servers.mongod.stop()
        shutil.rmtree(directory, ignore_errors=True)


def directory_in_memory() -> str | None:
    """Return a file system in memory if it has room: on disk every majority write waits for the journal's fsync."""
    try:
        return str(IN_MEMORY) if shutil.disk_usage(IN_MEMORY).free > ENOUGH_BYTES else None
    except OSError:
        return None


def with_servers(command: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run a command against temporary servers and return its exit code."""
    with Signals(), temporary_servers() as servers:
        addresses = {"MONGODB_URI": servers.mongod.uri("boxoffice"), "REDIS_URL": servers.valkey.url()}
        child = Child("command", command, env={"SECRET_KEY": secrets.token_urlsafe(64), **environ, **addresses})
        try:
            child.start()
            assert child.process is not None  # noqa: S101 - for the type checker: start() sets it
            return child.process.wait()
        except Stop:
            return 130
        finally:
            child.stop()
