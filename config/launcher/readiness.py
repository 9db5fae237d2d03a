"""Waiting until a process that was started answers over HTTP."""

import time
import urllib.error
import urllib.request

from config.launcher.errors import LaunchError
from config.launcher.processes import Child

READY_SECONDS = 90


def wait_ready(url: str, child: Child) -> None:
    """Wait until ``url``, which ``child`` serves, answers 200.

    Raises:
        LaunchError: the process ended, or is not ready in time.
    """
    deadline = time.monotonic() + READY_SECONDS
    while not answers_ok(url):
        if not child.is_alive:
            raise LaunchError(f"The {child.name} ended with code {child.exit_code}: its output above says why.")
        if time.monotonic() > deadline:
            raise LaunchError(f"{url} did not answer in {READY_SECONDS} s: the output above says why.")
        time.sleep(0.2)


def answers_ok(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=3) as response:  # noqa: S310 - our own http address
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
