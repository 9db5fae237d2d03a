"""Restarting processes that end, until the launcher is asked to stop."""

import signal
import time
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Protocol

from config.launcher.console import print_now
from config.launcher.errors import LaunchError
from config.launcher.processes import Child, stop_all

RESTART_LIMIT, RESTART_WINDOW_SECONDS = 3, 30.0


class Server(Protocol):
    name: str
    child: Child | None

    def start(self) -> None: ...
    def stop(self) -> None: ...


class Stop(BaseException):
    """SIGINT, SIGTERM or SIGHUP arrived. A BaseException, so that no handler on the way swallows it."""


class Signals:
    """Turns the first SIGINT, SIGTERM or SIGHUP into Stop, and ignores further ones while everything stops."""

    def __enter__(self) -> "Signals":
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.handle)
        return self

    def handle(self, number: int, frame: FrameType | None) -> None:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        raise Stop

    def __exit__(self, *_: object) -> None:
        return None


class Supervisor:
    """Restarts what ends; raises LaunchError when the same process ends again and again."""

    def __init__(self, *, servers: Sequence[Server], children: Sequence[Child]) -> None:
        """``servers`` stop in this order, after ``children``."""
        self.servers, self.children = list(servers), list(children)
        self.ends: dict[str, list[float]] = {}

    def start(self, children: Sequence[Child]) -> None:
        self.children = list(children)
        for child in self.children:
            child.start()

    def watch(self) -> None:
        """Restart what ends, until Stop."""
        while True:
            for server in self.servers:
                if server.child and not server.child.is_alive:
                    self.restart(server.name, server.child, server.start)
            for child in self.children:
                if not child.is_alive:
                    self.restart(child.name, child, child.start)
            time.sleep(0.3)

    def restart(self, name: str, child: Child, start: Callable[[], None]) -> None:
        moment = time.monotonic()
        recent = [end for end in self.ends.get(name, []) if moment - end < RESTART_WINDOW_SECONDS]
        self.ends[name] = [*recent, moment]
        if len(self.ends[name]) > RESTART_LIMIT:
            raise LaunchError(f"{name} keeps ending (last exit code {child.exit_code}): its output above says why.")
        print_now(f"{name} ended with code {child.exit_code}; starting it again.")
        time.sleep(0.5 * len(self.ends[name]))
        start()

    def stop(self) -> None:
        """Stop the processes first, then the servers they write to: Valkey before MongoDB."""
        stop_all(self.children)
        for server in self.servers:
            server.stop()
