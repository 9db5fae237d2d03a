"""A Valkey server for development and tests. It speaks the protocol of Redis, so its addresses are redis:// URLs."""

import time
from pathlib import Path

import redis

from config.launcher.binaries import find_valkey_server
from config.launcher.errors import LaunchError
from config.launcher.ports import free_port, is_free
from config.launcher.processes import Child

START_SECONDS = 20


class ValkeyServer:
    """``durable`` keeps an append-only file in ``directory``, so that queued tasks survive a restart.

    A directory that Redis 6.2 wrote opens too. Valkey moves its append-only file into ``appendonlydir/``, where
    Redis 6.2 does not find it again.
    """

    name = "Valkey"

    def __init__(self, directory: Path, *, port: int | None = None, durable: bool = False) -> None:
        self.directory, self.durable = directory, durable
        self.port = port if port and is_free(port) else free_port()
        self.log = directory / "valkey.log"
        self.child: Child | None = None

    def url(self, number: int = 0) -> str:
        return f"redis://127.0.0.1:{self.port}/{number}"

    def start(self) -> None:
        """Start and wait until it answers.

        Raises:
            LaunchError: it ended instead, or does not answer.
        """
        self.directory.mkdir(parents=True, exist_ok=True)
        self.child = Child(self.name, self.command(), log=self.log)
        self.child.start()
        deadline = time.monotonic() + START_SECONDS
        with redis.Redis(port=self.port, socket_timeout=1) as client:
            while not answers(client):
                if not self.child.is_alive or time.monotonic() > deadline:
                    raise LaunchError(f"{Path(self.child.command[0]).name} did not start: see {self.log}.")
                time.sleep(0.02)

    def command(self) -> list[str]:
        options = ["--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.directory), "--save", ""]
        return [str(find_valkey_server()), *options, "--appendonly", "yes" if self.durable else "no"]

    def stop(self) -> None:
        if self.child:
            self.child.stop()


def answers(client: "redis.Redis") -> bool:
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
