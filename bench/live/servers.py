"""The two servers; each round starts one anew."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil
from django.conf import settings

from bench.live.participants import node_uri
from config.celery import app as celery
from config.launcher import commands
from config.launcher.errors import LaunchError
from config.launcher.ports import free_port
from config.launcher.processes import Child, stop_all
from config.launcher.readiness import wait_ready

HOST = "127.0.0.1"
NODE = Path(__file__).parent / "node"
INSTALL_SECONDS, WORKER_SECONDS = 120, 180
LAST_LINES = 8


@dataclass(frozen=True, slots=True)
class Running:
    """The ports of a server, and the process that holds its sockets."""

    http_port: int
    socket_port: int
    realtime: psutil.Process


@contextmanager
def ours() -> Iterator[Running]:
    """Run the processes of `make serve` with its settings, except that rate limits are off."""
    http_port, socket_port = free_port(), free_port()
    with directory() as place:
        own = {"DEBUG": "false", "LOG_LEVEL": "INFO", "EVENT_LOG": str(place / "events.jsonl")}
        env = {**os.environ, **own}
        web = commands.web({**env, "PROMETHEUS_MULTIPROC_DIR": str(place)}, host=HOST, port=http_port)
        realtime = commands.realtime(env, host=HOST, port=socket_port)
        worker = commands.worker(env)
        with running([web, realtime, worker, commands.beat(env)], place):
            wait_ready(f"http://{HOST}:{http_port}/readyz", web)
            wait_ready(f"http://{HOST}:{socket_port}/healthz", realtime)
            wait_for_worker(worker)
            yield Running(http_port, socket_port, process_of(realtime))


def wait_for_worker(worker: Child) -> None:
    """Wait until the worker takes tasks. It runs at low priority, so on a busy machine its start takes long."""
    deadline = time.monotonic() + WORKER_SECONDS
    while not celery.control.ping(timeout=1):
        if not worker.is_alive or time.monotonic() > deadline:
            raise LaunchError(f"The worker did not start in {WORKER_SECONDS} s.")


@contextmanager
def node() -> Iterator[Running]:
    """Run one process for HTTP and sockets; node/server.js says what it guarantees and what not."""
    port = free_port()
    own = {"MONGODB_URI": node_uri(), "PORT": str(port), "SECRET_KEY": settings.SECRET_KEY, "NODE_ENV": "production"}
    server = Child("service under Node", [program("node"), str(NODE / "server.js")], env={**os.environ, **own})
    with directory() as place, running([server], place):
        wait_ready(f"http://{HOST}:{port}/healthz", server)
        yield Running(port, port, process_of(server))


def why_no_node() -> str | None:
    """Install what the service under Node needs, once. Return why it cannot run here, or None if it can."""
    try:
        program("node")
        return None if is_installed() else install(program("npm"))
    except LaunchError as error:
        return str(error)


def is_installed() -> bool:
    installed, wanted = NODE / "node_modules/.package-lock.json", NODE / "package-lock.json"
    return installed.exists() and installed.stat().st_mtime >= wanted.stat().st_mtime


def install(npm: str) -> str | None:
    """Return why the installation failed, or None."""
    retries = "--fetch-retries=1", "--fetch-retry-mintimeout=1000"  # npm retries for minutes by default
    command = [npm, "ci", "--no-audit", "--no-fund", "--loglevel", "error", *retries]
    run = partial(subprocess.run, cwd=NODE, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    try:
        done = run(command, timeout=INSTALL_SECONDS)
    except subprocess.TimeoutExpired:
        return f"npm ci did not end within {INSTALL_SECONDS} s"
    errors = [line for line in done.stderr.splitlines() if line.startswith("npm error")]
    return f"npm ci failed ({'; '.join(errors[:2]) or 'no message'})" if done.returncode else None


def program(name: str) -> str:
    if found := shutil.which(name):
        return found
    raise LaunchError(f"{name} is not on PATH")


def process_of(child: Child) -> psutil.Process:
    assert child.process is not None  # noqa: S101 - for the type checker: it was started
    return psutil.Process(child.process.pid)


@contextmanager
def directory() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="boxoffice-bench-") as name:
        yield Path(name)


@contextmanager
def running(children: Sequence[Child], place: Path) -> Iterator[None]:
    """Run processes meanwhile, with their output in files; after an error, show the last lines of these."""
    try:
        for child in children:
            child.log = place / f"{child.name}.log"
            child.start()
        yield
    except Exception:
        show_logs({child.name: child.log for child in children if child.log})
        raise
    finally:
        stop_all(children)


def show_logs(logs: Mapping[str, Path]) -> None:
    for name, log in logs.items():
        lines = log.read_text(errors="replace").splitlines()[-LAST_LINES:] if log.exists() else []
        print(f"--- {name}", *lines, sep="\n", file=sys.stderr)
