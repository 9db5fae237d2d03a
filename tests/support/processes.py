"""Starting the processes of tests/support/booking_processes.py."""

import json
import subprocess
import sys
from typing import Any

SECONDS = 90


def spawn(*arguments: object) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.support.booking_processes", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def result_of(process: "subprocess.Popen[str]") -> Any:
    """Wait for a process and return what it printed; fail with its traceback if it failed."""
    out, err = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, err
    return json.loads(out.splitlines()[-1])


def run_all(*jobs: tuple[object, ...]) -> list[Any]:
    """Run processes at the same time and return what each printed."""
    processes = [spawn(*job) for job in jobs]
    return [result_of(process) for process in processes]


def killed(*arguments: object) -> bool:
    """Run a process; return whether SIGKILL ended it."""
    process = spawn(*arguments)
    process.communicate(timeout=SECONDS)
    return process.returncode == -9
