"""Running `python -m config.launcher` as a process of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping


def clean_environment() -> dict[str, str]:
    """Return the environment without the addresses and settings of the test's own servers."""
    own = ("MONGODB_URI", "REDIS_URL", "SECRET_KEY", "DEBUG")
    return {name: value for name, value in os.environ.items() if name not in own}


def launch(*arguments: str, env: Mapping[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    """Run the launcher to its end; ``env`` is added to the clean environment."""
    command = [sys.executable, "-m", "config.launcher", *arguments]
    whole = {**clean_environment(), **(env or {})}
    return subprocess.run(command, env=whole, capture_output=True, text=True, check=False, timeout=60)


def error_of(done: "subprocess.CompletedProcess[str]") -> str:
    """Return the line that the launcher printed when it could not start."""
    assert done.returncode == 1
    (sentence,) = done.stderr.strip().splitlines()
    return sentence
