"""`make serve`: the production processes, against a MongoDB and a Redis that are there."""

import tempfile
from collections.abc import Mapping

from config.launcher import commands
from config.launcher.console import print_now
from config.launcher.errors import LaunchError
from config.launcher.management_commands import run_manage
from config.launcher.ports import require_free
from config.launcher.readiness import wait_ready
from config.launcher.service_checks import require_mongodb, require_redis
from config.launcher.settings_from_env import host_and_port, whole_number
from config.launcher.supervisor import Signals, Stop, Supervisor

REQUIRED = {
    "MONGODB_URI": "a MongoDB replica set, e.g. mongodb://host/boxoffice?replicaSet=rs0",
    "REDIS_URL": "a Redis or Valkey, e.g. redis://host:6379/0",
    "SECRET_KEY": "the output of: python3 -c 'import secrets; print(secrets.token_urlsafe(64))'",
}


def serve(environ: Mapping[str, str]) -> int:
    """Migrate, start web, realtime, worker and beat, and restart what ends, until SIGTERM or Ctrl-C."""
    require_environment(environ)
    host, port = host_and_port(environ)
    realtime_port = whole_number(environ, "REALTIME_PORT", port + 1)
    supervisor = Supervisor(servers=[], children=[])
    env = {**environ, "DEBUG": "false"}
    with Signals(), tempfile.TemporaryDirectory(prefix="boxoffice-metrics-", ignore_cleanup_errors=True) as metrics:
        try:
            require_free(port, variable="PORT", host=host)
            require_free(realtime_port, variable="REALTIME_PORT", host=host)
            prepare(env)
            web = commands.web({**env, "PROMETHEUS_MULTIPROC_DIR": metrics}, host=host, port=port)
            realtime = commands.realtime(env, host=host, port=realtime_port)
            supervisor.start([web, realtime, commands.worker(env), commands.beat(env)])
            wait_ready(f"http://{host}:{port}/healthz", web)
            print_now(f"Serving HTTP on http://{host}:{port} and sockets on http://{host}:{realtime_port}.")
            supervisor.watch()
        except Stop:
            return 0
        finally:
            supervisor.stop()
    return 0


def require_environment(environ: Mapping[str, str]) -> None:
    missing = [name for name in REQUIRED if not environ.get(name)]
    if missing:
        raise LaunchError("; ".join(f"Set {name} to {REQUIRED[name]}" for name in missing) + ".")


def prepare(env: Mapping[str, str]) -> None:
    """Check both services and the settings, migrate, and collect the static files."""
    require_mongodb(env["MONGODB_URI"])
    require_redis(env["REDIS_URL"])
    run_manage(env, "check", "--database", "default")
    run_manage(env, "migrate", "--noinput", "--verbosity", "0")
    run_manage(env, "collectstatic", "--noinput", "--verbosity", "0")
