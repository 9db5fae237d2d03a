"""`make serve`: the production processes, against a MongoDB and a Redis that are there."""

import shutil
import tempfile
from collections.abc import Mapping

from config.launcher import parts
from config.launcher.errors import LaunchError
from config.launcher.ports import require_free
from config.launcher.steps import manage, number, require_mongodb, require_redis, say, wait_ready
from config.launcher.supervisor import Signals, Stop, Supervisor

REQUIRED = {
    "MONGODB_URI": "a MongoDB replica set, e.g. mongodb://host/boxoffice?replicaSet=rs0",
    "REDIS_URL": "a Redis, e.g. redis://host:6379/0",
    "SECRET_KEY": "the output of: python3 -c 'import secrets; print(secrets.token_urlsafe(64))'",
}


def serve(environ: Mapping[str, str]) -> int:
    """Migrate, start web, realtime, worker and beat, and look after them until SIGTERM or Ctrl-C."""
    require_environment(environ)
    host, port = environ.get("HOST") or "127.0.0.1", number(environ, "PORT", 8000)
    realtime_port = number(environ, "REALTIME_PORT", port + 1)
    supervisor = Supervisor(servers=[], children=[])
    figures = tempfile.mkdtemp(prefix="boxoffice-metrics-")
    env = {**environ, "DEBUG": "false"}
    with Signals():
        try:
            require_free(port, variable="PORT", host=host)
            require_free(realtime_port, variable="REALTIME_PORT", host=host)
            require_mongodb(env["MONGODB_URI"])
            require_redis(env["REDIS_URL"])
            manage(env, "check", "--database", "default")
            manage(env, "migrate", "--noinput", "--verbosity", "0")
            manage(env, "collectstatic", "--noinput", "--verbosity", "0")
            web = parts.web({**env, "PROMETHEUS_MULTIPROC_DIR": figures}, host=host, port=port)
            realtime = parts.realtime(env, host=host, port=realtime_port)
            supervisor.children = [web, realtime, parts.worker(env), parts.beat(env)]
            for child in supervisor.children:
                child.start()
            wait_ready(f"http://{host}:{port}/healthz", web)
            say(f"Serving HTTP on http://{host}:{port} and sockets on http://{host}:{realtime_port}.")
            supervisor.watch()
        except Stop:
            return 0
        finally:
            supervisor.stop()
            shutil.rmtree(figures, ignore_errors=True)
    return 0


def require_environment(environ: Mapping[str, str]) -> None:
    missing = [name for name in REQUIRED if not environ.get(name)]
    if missing:
        raise LaunchError("; ".join(f"Set {name} to {REQUIRED[name]}" for name in missing) + ".")
