"""A mongod as a replica set of one node, for development and tests."""

import re
import time
from pathlib import Path

import pymongo
import pymongo.errors

from config.launcher.binaries import find_mongod
from config.launcher.errors import LaunchError
from config.launcher.ports import free_port, is_free
from config.launcher.processes import Child

START_SECONDS, STOP_SECONDS = 60, 15
# A process that dies in a transaction leaves what it wrote locked until mongod ends the transaction, by default after
# 60 to 90 seconds. Nobody can book that event meanwhile.
SHORT_TRANSACTIONS = ("--setParameter", "transactionLifetimeLimitSeconds=20")
MISSING_LIBRARY = re.compile(r"error while loading shared libraries: (\S+?):")
PACKAGES = {
    "libcurl.so.4": "libcurl4",
    "libssl.so.3": "libssl3",
    "libcrypto.so.3": "libssl3",
    "liblzma.so.5": "liblzma5",
}


class Mongod:
    """``directory`` keeps the data; a later start finds it again, on the same port or another."""

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
            LaunchError: it ended instead, or is not primary in time.
        """
        (self.directory / "data").mkdir(parents=True, exist_ok=True)
        self.child = Child(self.name, self.command(), log=self.log)
        self.child.start()
        deadline = time.monotonic() + START_SECONDS
        with self.client() as client:
            while not self.is_primary(client):
                self.require_running(deadline)
                time.sleep(0.05)

    def command(self) -> list[str]:
        options = ["--replSet", "rs0", "--bind_ip", "127.0.0.1", "--port", str(self.port), "--nounixsocket"]
        data = ["--dbpath", str(self.directory / "data"), "--wiredTigerCacheSizeGB", "1", "--quiet"]
        return [str(find_mongod()), *options, *data, *SHORT_TRANSACTIONS, *self.extra]

    def client(self) -> "pymongo.MongoClient[dict[str, object]]":
        """Return a client of this node alone, which answers before there is a replica set."""
        uri = f"mongodb://127.0.0.1:{self.port}"
        return pymongo.MongoClient(uri, directConnection=True, serverSelectionTimeoutMS=500)

    def is_primary(self, client: "pymongo.MongoClient[dict[str, object]]") -> bool:
        """Initiate the replica set where that was not done yet."""
        try:
            status = client.admin.command("hello")
            if not status.get("setName"):
                self.initiate(client)
            return bool(status.get("isWritablePrimary"))
        except pymongo.errors.PyMongoError:
            return False

    def initiate(self, client: "pymongo.MongoClient[dict[str, object]]") -> None:
        """Make the replica set; where the data has one made on another port, change its address."""
        members = [{"_id": 0, "host": f"127.0.0.1:{self.port}"}]
        try:
            client.admin.command("replSetInitiate", {"_id": "rs0", "version": 1, "members": members})
        except pymongo.errors.OperationFailure as error:
            if "already initialized" not in str(error):
                raise
            newer = {"_id": "rs0", "version": int(time.time()), "members": members}
            client.admin.command("replSetReconfig", newer, force=True)

    def require_running(self, deadline: float) -> None:
        """Raise LaunchError if it ended or the deadline (``time.monotonic``) has passed."""
        assert self.child is not None  # noqa: S101 - for the type checker: start() sets it
        if not self.child.is_alive:
            raise LaunchError(self.describe_failure(self.child.exit_code))
        if time.monotonic() > deadline:
            raise LaunchError(f"MongoDB did not become primary in {START_SECONDS} s: see {self.log}.")

    def describe_failure(self, exit_code: int | None) -> str:
        text = self.log.read_text(errors="replace")[-20_000:]
        if match := MISSING_LIBRARY.search(text):
            library = match[1]
            package = PACKAGES.get(library, f"the package with {library}")
            return (
                f"mongod needs the library {library}: install it (Debian: apt-get install {package}) and start again."
            )
        return f"mongod ended at start with code {exit_code}: see {self.log}."

    def stop(self) -> None:
        if self.child:
            self.child.ask_to_stop()
            self.child.wait_stopped(STOP_SECONDS)
