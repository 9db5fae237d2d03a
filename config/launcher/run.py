"""`make run`: everything on this machine, for development."""

from collections.abc import Mapping
from pathlib import Path

from config.launcher import commands
from config.launcher.console import print_now
from config.launcher.data_directory import locked, read_ports, remove_addresses, write_addresses, write_port
from config.launcher.management_commands import run_manage
from config.launcher.mongod import Mongod
from config.launcher.ports import require_free
from config.launcher.readiness import wait_ready
from config.launcher.service_checks import require_mongodb, require_redis
from config.launcher.settings_from_env import host_and_port
from config.launcher.supervisor import Signals, Stop, Supervisor
from config.launcher.valkey import ValkeyServer

MONGODB_PORT, VALKEY_PORT = 27117, 6479


def run(environ: Mapping[str, str]) -> int:
    """Start everything, print where it is, and restart what ends, until Ctrl-C or SIGTERM."""
    host, port = host_and_port(environ)
    data_dir = Path(environ.get("DATA_DIR") or ".data").resolve()
    supervisor = Supervisor(servers=[], children=[])
    with Signals(), locked(data_dir):
        require_free(port, variable="PORT", host=host)
        try:
            env = {"DEBUG": "true", "LOG_FORMAT": "console", "DATA_DIR": str(data_dir), **environ}
            env.setdefault("PUBLIC_URL", f"http://{host}:{port}")
            start_all(env, data_dir, supervisor, host=host, port=port)
            supervisor.watch()
        except Stop:
            print_now("\nStopping …")
            return 0
        finally:
            supervisor.stop()
            remove_addresses(data_dir)
            print_now(f"Stopped. The data stays in {data_dir}")
    return 0


def start_all(env: dict[str, str], data_dir: Path, supervisor: Supervisor, *, host: str, port: int) -> None:
    env |= start_servers(env, data_dir, supervisor)
    write_addresses(data_dir, env)
    prepare_database(env)
    start_processes(env, supervisor, host=host, port=port)
    print_welcome(env, data_dir, f"http://{host}:{port}")


def start_servers(env: Mapping[str, str], data_dir: Path, supervisor: Supervisor) -> dict[str, str]:
    """Start MongoDB and Valkey where the environment names none; return their addresses."""
    if uri := env.get("MONGODB_URI", ""):
        require_mongodb(uri)
    else:
        mongod = Mongod(data_dir / "mongodb", port=read_ports(data_dir).get("mongodb", MONGODB_PORT))
        start_server(mongod, data_dir, supervisor)
        uri = mongod.uri("boxoffice")
    if url := env.get("REDIS_URL", ""):
        require_redis(url)
    else:
        # The directory is named after Redis, which wrote it until Valkey took its place: its data stays in use.
        valkey = ValkeyServer(data_dir / "redis", port=read_ports(data_dir).get("redis", VALKEY_PORT), durable=True)
        start_server(valkey, data_dir, supervisor)
        url = valkey.url()
    return {"MONGODB_URI": uri, "REDIS_URL": url}


def start_server(server: Mongod | ValkeyServer, data_dir: Path, supervisor: Supervisor) -> None:
    print_now(f"{server.name} on 127.0.0.1:{server.port} …")
    supervisor.servers.insert(0, server)
    server.start()
    write_port(data_dir, server.directory.name, server.port)


def prepare_database(env: Mapping[str, str]) -> None:
    Path(".static").mkdir(exist_ok=True)  # WhiteNoise warns about a missing one
    print_now("Migrations …")
    run_manage(env, "migrate", "--noinput", "--verbosity", "0")
    print_now("Demo data, if the database is empty …")
    run_manage(env, "seed_demo", "--if-empty")


def start_processes(env: Mapping[str, str], supervisor: Supervisor, *, host: str, port: int) -> None:
    print_now("Web, worker, beat …")
    web = commands.all_in_one(env, host=host, port=port)
    supervisor.start([web, commands.worker(env), commands.beat(env)])
    wait_ready(f"http://{host}:{port}/readyz", web)


def print_welcome(env: Mapping[str, str], data_dir: Path, url: str) -> None:
    print_now(
        f"\nBox Office is running.\n\n"
        f"  API and its documentation   {url}/api/docs\n"
        f"  Organizers' console         {url}/console/\n"
        f"  Admin                       {url}/admin/\n"
        f"  Socket.IO                   {url}/socket.io/\n"
        f"  Ready?                      {url}/readyz\n\n"
        f"{describe_logins(env)}The data is in {data_dir}. Ctrl-C stops everything.\n"
    )


def describe_logins(env: Mapping[str, str]) -> str:
    logins = run_manage(env, "seed_demo", "--print-logins").rstrip().splitlines()
    return "Demo logins:\n\n" + "".join(f"  {line}\n" for line in logins) + "\n" if logins else ""
