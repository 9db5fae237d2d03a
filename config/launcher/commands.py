"""The command lines of the processes."""

import os
import sys
from collections.abc import Mapping

from config.launcher.processes import Child
from config.launcher.settings_from_env import whole_number

MAX_MESSAGE_BYTES = str(
    32 * 1024
)  # twice what sockets take (realtime/sockets/limits.py): a longer one is not even read
BACKGROUND_NICENESS = 15  # answering customers goes first when the processor is short


def web(env: Mapping[str, str], *, host: str, port: int) -> Child:
    workers, threads = whole_number(env, "WEB_WORKERS", 2), whole_number(env, "WEB_THREADS", 32)
    options = ["--interface", "wsgi", "--host", host, "--port", str(port), "--no-ws"]
    options += ["--workers", str(workers), "--blocking-threads", str(threads)]
    options += ["--respawn-failed-workers", "--workers-kill-timeout", "5", "--no-access-log", "--log-level", "warning"]
    return Child("web", [console_script("granian"), *options, "config.wsgi:application"], env=env)


def realtime(env: Mapping[str, str], *, host: str, port: int) -> Child:
    return uvicorn("realtime", "config.asgi:realtime", env, host=host, port=port)


def all_in_one(env: Mapping[str, str], *, host: str, port: int) -> Child:
    return uvicorn("web", "config.asgi:all_in_one", env, host=host, port=port)


def uvicorn(name: str, application: str, env: Mapping[str, str], *, host: str, port: int) -> Child:
    """Without compression of WebSockets: messages are short, and it keeps 40 KiB for each connection."""
    options = ["--host", host, "--port", str(port), "--no-access-log", "--timeout-graceful-shutdown", "3"]
    options += ["--ws-max-size", MAX_MESSAGE_BYTES, "--ws-per-message-deflate", "false"]
    options += ["--log-config", "config/launcher/logging.json"]
    return Child(name, [console_script("uvicorn"), application, *options], env=env)


def worker(env: Mapping[str, str]) -> Child:
    threads = whole_number(env, "WORKER_THREADS", 8)
    options = ["--pool", "threads", "--concurrency", str(threads), "--without-gossip", "--without-mingle"]
    return celery("worker", options, env)


def beat(env: Mapping[str, str]) -> Child:
    """The schedule is short and lives in settings, so beat keeps none on disk."""
    return celery("beat", ["--scheduler", "celery.beat:Scheduler", "--pidfile="], env)


def celery(name: str, options: list[str], env: Mapping[str, str]) -> Child:
    command = [console_script("celery"), "--quiet", "-A", "config", name, *options, "--loglevel", "INFO"]
    return Child(name, command, env=env, niceness=BACKGROUND_NICENESS)


def console_script(name: str) -> str:
    """Return the path of a program that a package installed beside this Python."""
    return os.path.join(os.path.dirname(sys.executable), name)
