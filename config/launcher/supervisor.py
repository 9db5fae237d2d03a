"""Keeping processes up until someone says stop."""

import signal
import time
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Protocol

from config.launcher.errors import LaunchError
from config.launcher.processes import Child, stop_all

QUICK_SECONDS = 10.0
QUICK_DEATHS = 3


class Server(Protocol):
    name: str
    child: Child | None

    def start(self) -> None: ...
    def stop(self) -> None: ...


class Stop(BaseException):
    """SIGINT or SIGTERM arrived. A BaseException, so that no handler on the way swallows it."""


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
    """Restarts what dies; gives up with a sentence when something dies again and again."""

    def __init__(self, *, servers: Sequence[Server], children: Sequence[Child]) -> None:
        self.servers, self.children = servers, children
        self.deaths: dict[str, list[float]] = {}

    def watch(self) -> None:
        """Look after everything until Stop."""
        while True:
            for server in self.servers:
                if server.child and not server.child.is_alive:
                    self.revive(server.name, server.child, server.start)
            for child in self.children:
                if not child.is_alive:
                    self.revive(child.name, child, child.start)
            time.sleep(0.3)

    def revive(self, name: str, child: Child, start: Callable[[], None]) -> None:
        moment = time.monotonic()
        recent = [at for at in self.deaths.get(name, []) if moment - at < QUICK_SECONDS * QUICK_DEATHS]
        self.deaths[name] = [*recent, moment]
        if len(self.deaths[name]) > QUICK_DEATHS:
            raise LaunchError(f"{name} keeps ending (last exit code {child.exit_code}): its output above says why.")
        print(f"{name} ended with code {child.exit_code}; starting it again.", flush=True)
        time.sleep(0.5 * len(self.deaths[name]))
        start()

    def stop(self) -> None:
        """First what serves and works, then Redis, then MongoDB: nobody is left writing to what is gone."""
        stop_all(self.children)
        for server in self.servers:
            server.stop()
