"""Running manage.py in a process of its own."""

import subprocess
import sys
from collections.abc import Mapping

from config.launcher.errors import LaunchError
from config.launcher.processes import die_with_parent


def run_manage(env: Mapping[str, str], *arguments: str) -> str:
    """Run a management command and return its output.

    Raises:
        LaunchError: it failed; the last line of its output is in the sentence.
    """
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(
        command, env=dict(env), capture_output=True, text=True, check=False, preexec_fn=die_with_parent
    )
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no output"]
        raise LaunchError(f"manage.py {arguments[0]} failed: {lines[-1]}")
    return done.stdout
