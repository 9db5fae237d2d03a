"""Child processes that never outlive the launcher."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import nullcontext, suppress
from pathlib import Path

PR_SET_PDEATHSIG = 1
STOP_SECONDS = 8.0


class Child:
    """One process in a session of its own: Ctrl-C reaches the launcher only, which then stops the rest in order."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        log: Path | None = None,
        niceness: int = 0,
    ) -> None:
        self.name, self.command, self.env, self.log, self.niceness = name, list(command), env, log, niceness
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, with output appended to ``log``, or going where the launcher's goes."""
        with self.log.open("ab") if self.log else nullcontext() as output:
            self.process = subprocess.Popen(
                self.command,
                env=dict(self.env) if self.env is not None else None,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output and subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=self.prepare,  # noqa: PLW1509 - the launcher has one thread
            )

    def prepare(self) -> None:
        """Runs in the child, after it got its session and before the program."""
        die_with_parent()
        lower_priority(self.niceness)

    @property
    def exit_code(self) -> int | None:
        return self.process.poll() if self.process else None

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ask_to_stop(self, with_signal: int = signal.SIGTERM) -> None:
        if self.process and self.is_alive:
            self.process.send_signal(with_signal)

    def wait_stopped(self, seconds: float = STOP_SECONDS) -> None:
        """Wait for the end; past the deadline kill the whole session of the process."""
        if self.process is None:
            return
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(STOP_SECONDS)

    def stop(self) -> None:
        self.ask_to_stop()
        self.wait_stopped()


def stop_all(children: Sequence[Child]) -> None:
    """Stop processes that do not depend on each other, at the same time."""
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.wait_stopped()


def die_with_parent() -> None:
    """Linux: ask the kernel for SIGTERM when the launcher ends, however it ends. Runs in the child before exec."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def lower_priority(niceness: int) -> None:
    """Lower the priority of this process, and of its session where Linux weighs sessions (autogroup) first."""
    os.nice(niceness)
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(niceness))
