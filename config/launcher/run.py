"""`make run`: everything on this machine, for development."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from config.launcher import parts
from config.launcher.errors import LaunchError
from config.launcher.mongo import Mongod
from config.launcher.ports import require_free
from config.launcher.redis import RedisServer
from config.launcher.steps import manage, number, require_mongodb, require_redis, say, wait_ready
from config.launcher.supervisor import Server, Signals, Stop, Supervisor

MONGODB_PORT, REDIS_PORT = 27117, 6479


def run(environ: Mapping[str, str]) -> int:
    """Start everything, say where it is, and look after it until Ctrl-C or SIGTERM."""
    host, port = environ.get("HOST") or "127.0.0.1", number(environ, "PORT", 8000)
    data_dir = Path(environ.get("DATA_DIR") or ".data").resolve()
    supervisor = Supervisor(servers=[], children=[])
    with Signals(), exclusive(data_dir):
        require_free(port, variable="PORT", host=host)
        try:
            env = {"DEBUG": "true", "LOG_FORMAT": "console", "DATA_DIR": str(data_dir), **environ}
            env.setdefault("PUBLIC_URL", f"http://{host}:{port}")
            env |= start_servers(env, data_dir, supervisor)
            record_addresses(data_dir, env)
            prepare(env)
            start_processes(env, supervisor, host=host, port=port)
            welcome(env, data_dir, f"http://{host}:{port}")
            supervisor.watch()
        except Stop:
            say("\nStopping …")
            return 0
        finally:
            supervisor.stop()
            (data_dir / "services.json").unlink(missing_ok=True)
            say("Stopped. The data stays in " + str(data_dir))
    return 0


@contextmanager
def exclusive(data_dir: Path) -> Iterator[None]:
    """Hold the data directory; a second `make run` in it is told who has it."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        lock = (data_dir / "lock").open("a+")
    except OSError as error:
        raise LaunchError(
            f"DATA_DIR {data_dir} cannot be written ({error.strerror}): choose another directory."
        ) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            owner = lock.read().strip() or "unknown"
            raise LaunchError(
                f"`make run` is up already with this data (process {owner}): stop it, or use another DATA_DIR and PORT."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def start_servers(env: Mapping[str, str], data_dir: Path, supervisor: Supervisor) -> dict[str, str]:
    """Start MongoDB and Redis where the environment names none; return their addresses."""
    known = read_ports(data_dir)
    servers: list[Server] = []
    supervisor.servers = servers
    if uri := env.get("MONGODB_URI", ""):
        require_mongodb(uri)
    else:
        mongod = Mongod(data_dir / "mongodb", port=known.get("mongodb", MONGODB_PORT))
        say(f"MongoDB on 127.0.0.1:{mongod.port} …")
        servers.append(mongod)
        mongod.start()
        uri = mongod.uri("boxoffice")
    if url := env.get("REDIS_URL", ""):
        require_redis(url)
    else:
        redis = RedisServer(data_dir / "redis", port=known.get("redis", REDIS_PORT), durable=True)
        say(f"Redis on 127.0.0.1:{redis.port} …")
        servers.insert(0, redis)
        redis.start()
        url = redis.url()
    write_ports(
        data_dir, {server.name.lower(): server.port for server in servers if isinstance(server, Mongod | RedisServer)}
    )
    return {"MONGODB_URI": uri, "REDIS_URL": url}


def read_ports(data_dir: Path) -> dict[str, int]:
    try:
        return dict(json.loads((data_dir / "ports.json").read_text()))
    except (OSError, ValueError):
        return {}


def write_ports(data_dir: Path, ports: Mapping[str, int]) -> None:
    (data_dir / "ports.json").write_text(json.dumps({**read_ports(data_dir), **ports}))


def record_addresses(data_dir: Path, env: Mapping[str, str]) -> None:
    """Let manage.py in another terminal find the same MongoDB and Redis (config/env.py reads this)."""
    addresses = {name: env[name] for name in ("MONGODB_URI", "REDIS_URL", "DEBUG")}
    draft = data_dir / "services.json.new"
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(addresses))
    draft.replace(data_dir / "services.json")


def prepare(env: Mapping[str, str]) -> None:
    Path(".static").mkdir(exist_ok=True)  # WhiteNoise warns about a missing one
    say("Migrations …")
    manage(env, "migrate", "--noinput", "--verbosity", "0")
    say("Demo data, if the database is empty …")
    manage(env, "seed_demo", "--if-empty")


def start_processes(env: Mapping[str, str], supervisor: Supervisor, *, host: str, port: int) -> None:
    say("Web, worker, beat …")
    web = parts.all_in_one(env, host=host, port=port)
    supervisor.children = [web, parts.worker(env), parts.beat(env)]
    for child in supervisor.children:
        child.start()
    wait_ready(f"http://{host}:{port}/readyz", web)


def welcome(env: Mapping[str, str], data_dir: Path, url: str) -> None:
    logins = manage(env, "seed_demo", "--print-logins").rstrip()
    say(
        f"\nBox Office is open.\n\n"
        f"  API and its documentation   {url}/api/docs\n"
        f"  Organizers' console         {url}/console/\n"
        f"  Admin                       {url}/admin/\n"
        f"  Socket.IO                   {url}/socket.io/\n"
        f"  Ready?                      {url}/readyz\n\n"
        + ("Demo logins:\n\n" + "\n".join(f"  {line}" for line in logins.splitlines()) + "\n\n" if logins else "")
        + f"The data is in {data_dir}. Ctrl-C stops everything.\n"
    )
