"""The directory of `make run`: data and ports for the next run and, while it runs, a lock and the addresses."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from config.launcher.errors import LaunchError

ADDRESSES = "services.json"


@contextmanager
def locked(data_dir: Path) -> Iterator[None]:
    """Make the directory and hold its lock, so that two launchers never share the data.

    Raises:
        LaunchError: the directory cannot be written, or another launcher holds it; the sentence has its process id.
    """
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        lock = (data_dir / "lock").open("a+")
    except OSError as error:
        raise LaunchError(
            f"DATA_DIR {data_dir} cannot be written ({error.strerror}): choose another directory."
        ) from None
    with lock:
        acquire(lock)
        yield


def acquire(lock: TextIO) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        owner = lock.read().strip() or "unknown"
        raise LaunchError(
            f"`make run` is up already with this data (process {owner}): stop it, or use another DATA_DIR and PORT."
        ) from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()


def read_ports(data_dir: Path) -> dict[str, int]:
    """Return the ports of the last run by server; the launcher takes them again where they are free."""
    try:
        return dict(json.loads((data_dir / "ports.json").read_text()))
    except (OSError, ValueError):
        return {}


def write_port(data_dir: Path, server: str, port: int) -> None:
    (data_dir / "ports.json").write_text(json.dumps({**read_ports(data_dir), server: port}))


def write_addresses(data_dir: Path, env: Mapping[str, str]) -> None:
    """Let manage.py in another terminal find the same MongoDB and Valkey (config/env.py reads this)."""
    addresses = {name: env[name] for name in ("MONGODB_URI", "REDIS_URL", "DEBUG")}
    new = data_dir / f"{ADDRESSES}.new"
    new.touch(mode=0o600)
    new.write_text(json.dumps(addresses))
    new.replace(data_dir / ADDRESSES)


def remove_addresses(data_dir: Path) -> None:
    (data_dir / ADDRESSES).unlink(missing_ok=True)
