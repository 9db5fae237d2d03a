"""The commands of the processes."""

from collections.abc import Mapping

from config.launcher.processes import Child
from config.launcher.steps import number, program

LONGEST_FRAME = str(32 * 1024)  # bytes; twice what sockets take (realtime/limits.py): more is not even read
POLITE = 15  # background work gives way to answering customers when the processor is short


def worker(env: Mapping[str, str]) -> Child:
    threads = str(number(env, "WORKER_THREADS", 8))
    options = [
        "--pool",
        "threads",
        "--concurrency",
        threads,
        "--without-gossip",
        "--without-mingle",
        "--loglevel",
        "INFO",
    ]
    return Child("worker", [program("celery"), "--quiet", "-A", "config", "worker", *options], env=env, niceness=POLITE)


def beat(env: Mapping[str, str]) -> Child:
    """The schedule is short and lives in settings, so beat keeps none on disk."""
    options = ["--scheduler", "celery.beat:Scheduler", "--pidfile=", "--loglevel", "INFO"]
    return Child("beat", [program("celery"), "--quiet", "-A", "config", "beat", *options], env=env, niceness=POLITE)


def all_in_one(env: Mapping[str, str], *, host: str, port: int) -> Child:
    return uvicorn("web", "config.asgi:all_in_one", env, host=host, port=port)


def realtime(env: Mapping[str, str], *, host: str, port: int) -> Child:
    return uvicorn("realtime", "config.asgi:realtime", env, host=host, port=port)


def uvicorn(name: str, application: str, env: Mapping[str, str], *, host: str, port: int) -> Child:
    """Without compression of WebSockets: messages are short, and it keeps 40 KiB for each connection."""
    options = ["--host", host, "--port", str(port), "--no-access-log", "--timeout-graceful-shutdown", "3"]
    options += ["--ws-max-size", LONGEST_FRAME, "--ws-per-message-deflate", "false"]
    return Child(
        name, [program("uvicorn"), application, *options, "--log-config", "config/launcher/logging.json"], env=env
    )


def web(env: Mapping[str, str], *, host: str, port: int) -> Child:
    workers, threads = number(env, "WEB_WORKERS", 2), number(env, "WEB_THREADS", 32)
    options = ["--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(workers), "--no-ws"]
    manners = ["--respawn-failed-workers", "--workers-kill-timeout", "5", "--no-access-log", "--log-level", "warning"]
    return Child(
        "web",
        [program("granian"), *options, "--blocking-threads", str(threads), *manners, "config.wsgi:application"],
        env=env,
    )
