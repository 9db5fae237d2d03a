"""A MongoDB and a Redis that are gone afterwards: for tests and lint."""

import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.launcher.mongo import Mongod
from config.launcher.processes import Child
from config.launcher.redis import RedisServer
from config.launcher.supervisor import Signals, Stop

IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a private directory is made inside
ENOUGH_BYTES = 2 * 1024**3
LEAN = ("--setParameter", "diagnosticDataCollectionEnabled=false", "--oplogSize", "128")
FAIL_POINTS = ("--setParameter", "enableTestCommands=1")  # lets a test have the server itself break a connection


@dataclass(frozen=True, slots=True)
class Servers:
    mongod: Mongod
    redis: RedisServer


def place() -> str | None:
    """Return a file system in memory if it has room: every majority write waits for the journal's fsync."""
    try:
        return str(IN_MEMORY) if shutil.disk_usage(IN_MEMORY).free > ENOUGH_BYTES else None
    except OSError:
        return None


@contextmanager
def throwaway_servers() -> Iterator[Servers]:
    directory = Path(tempfile.mkdtemp(prefix="boxoffice-", dir=place()))
    servers = Servers(Mongod(directory / "mongodb", extra=(*LEAN, *FAIL_POINTS)), RedisServer(directory / "redis"))
    try:
        servers.mongod.start()
        servers.redis.start()
        yield servers
    finally:
        servers.redis.stop()
        servers.mongod.stop()
        shutil.rmtree(directory, ignore_errors=True)


def with_servers(command: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run a command against throw-away servers and return its exit code."""
    with Signals(), throwaway_servers() as servers:
        addresses = {"MONGODB_URI": servers.mongod.uri("boxoffice"), "REDIS_URL": servers.redis.url()}
        child = Child("command", command, env={"SECRET_KEY": secrets.token_urlsafe(64), **environ, **addresses})
        try:
            child.start()
            assert child.process is not None  # noqa: S101 - for the type checker: start() sets it
            return child.process.wait()
        except Stop:
            return 130
        finally:
            child.stop()
