"""A real mongod as a replica set of one node, for development and tests."""

import re
import time
from pathlib import Path
from typing import Any

import pymongo
import pymongo.errors

from config.launcher.errors import LaunchError
from config.launcher.ports import free_port, is_free
from config.launcher.processes import Child
from config.launcher.programs import find_mongod

START_SECONDS = 60
# A process that dies in a transaction leaves what it wrote locked until mongod ends the transaction, by default after
# 60 to 90 seconds in which nobody can book the event that it was about.
TRANSACTIONS = ("--setParameter", "transactionLifetimeLimitSeconds=20")
NOT_YET_INITIALIZED, CONFIG_INVALID, NOT_FOUND_SELF = 94, 93, 74
MISSING_LIBRARY = re.compile(r"error while loading shared libraries: (\S+?):")
PACKAGES = {
    "libcurl.so.4": "libcurl4",
    "libssl.so.3": "libssl3",
    "libcrypto.so.3": "libssl3",
    "liblzma.so.5": "liblzma5",
}


class Mongod:
    """``directory`` keeps the data; starting again there finds it, on the same port or another."""

    name = "MongoDB"

    def __init__(self, directory: Path, *, port: int | None = None, extra: tuple[str, ...] = ()) -> None:
        self.directory, self.extra = directory, extra
        self.port = port if port and is_free(port) else free_port()
        self.log = directory / "mongod.log"
        self.child: Child | None = None

    def uri(self, database: str) -> str:
        return f"mongodb://127.0.0.1:{self.port}/{database}?replicaSet=rs0"

    def start(self) -> None:
        """Start and wait until it takes writes.

        Raises:
            LaunchError: it ended instead; the sentence names the missing library or the log.
        """
        (self.directory / "data").mkdir(parents=True, exist_ok=True)
        self.child = Child(self.name, self.command(), log=self.log)
        self.child.start()
        deadline = time.monotonic() + START_SECONDS
        client: pymongo.MongoClient[dict[str, Any]]
        with pymongo.MongoClient(
            f"mongodb://127.0.0.1:{self.port}", directConnection=True, serverSelectionTimeoutMS=500
        ) as client:
            while not self.is_primary(client):
                if not self.child.is_alive:
                    raise LaunchError(self.why_it_ended())
                if time.monotonic() > deadline:
                    raise LaunchError(f"MongoDB did not become primary in {START_SECONDS} s: see {self.log}.")
                time.sleep(0.05)

    def command(self) -> list[str]:
        options = ["--replSet", "rs0", "--bind_ip", "127.0.0.1", "--port", str(self.port), "--nounixsocket"]
        data = ["--dbpath", str(self.directory / "data"), "--wiredTigerCacheSizeGB", "1", "--quiet"]
        return [str(find_mongod()), *options, *data, *TRANSACTIONS, *self.extra]

    def is_primary(self, client: "pymongo.MongoClient[dict[str, Any]]") -> bool:
        """Take one step towards being a primary; tell whether that is reached."""
        try:
            status = client.admin.command("hello")
            if not status.get("setName"):
                self.initiate(client)
            return bool(status.get("isWritablePrimary"))
        except pymongo.errors.PyMongoError:
            return False

    def initiate(self, client: "pymongo.MongoClient[dict[str, Any]]") -> None:
        """Make the replica set, or tell one made on another port where it lives now."""
        config: dict[str, Any] = {"_id": "rs0", "version": 1, "members": [{"_id": 0, "host": f"127.0.0.1:{self.port}"}]}
        try:
            client.admin.command("replSetInitiate", config)
        except pymongo.errors.OperationFailure as error:
            if "already initialized" not in str(error):
                raise
            config["version"] = int(time.time())
            client.admin.command("replSetReconfig", config, force=True)

    def why_it_ended(self) -> str:
        text = self.log.read_text(errors="replace")[-20_000:]
        if match := MISSING_LIBRARY.search(text):
            library = match[1]
            package = PACKAGES.get(library, f"the package with {library}")
            return (
                f"mongod needs the library {library}: install it (Debian: apt-get install {package}) and start again."
            )
        return f"mongod ended at start with code {self.child and self.child.exit_code}: see {self.log}."

    def stop(self) -> None:
        if self.child:
            self.child.ask_to_stop()
            self.child.wait_stopped(15)
