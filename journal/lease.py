"""One drainer a handler: a lease in MongoDB, so that it holds without Redis and ends with its holder's death."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import structlog
from pymongo.errors import DuplicateKeyError, PyMongoError

from config.clock import now
from config.mongo.raw import collection
from journal.models import Lease

LIFETIME = timedelta(seconds=9)  # how long entries wait after their drainer was killed; renewed every third of it

log = structlog.get_logger(__name__)


class HeldLease:
    def __init__(self, handler: str) -> None:
        self.handler, self.owner = handler, secrets.token_hex(8)
        self.collection = collection(Lease)

    def acquire(self) -> bool:
        """Take the lease, or ask its holder to look once more before it lets go."""
        free = {"_id": self.handler, "until": {"$lt": now()}}
        try:
            self.collection.update_one(free, {"$set": self.terms()}, upsert=True)
        except DuplicateKeyError:
            self.collection.update_one({"_id": self.handler}, {"$set": {"again": True}})
            return False
        return True

    def renew(self) -> bool:
        """Hold on for another while; return False when the lease ran out meanwhile and another process took it."""
        return bool(self.collection.update_one(self.mine(), {"$set": {"until": now() + LIFETIME}}).matched_count)

    @contextmanager
    def kept_alive(self) -> Iterator[None]:
        """Renew from a thread of its own for as long as the work takes; a process that dies takes the thread along."""
        done = threading.Event()

        def renew() -> None:
            while not done.wait(LIFETIME.total_seconds() / 3):
                try:
                    self.renew()
                except PyMongoError as error:  # an election, perhaps: the next try may find a primary in time
                    log.warning("lease_not_renewed", handler=self.handler, error=str(error)[:200])

        keeper = threading.Thread(target=renew, name="lease-keeper", daemon=True)
        keeper.start()
        try:
            yield
        finally:
            done.set()
            keeper.join()

    def release(self) -> bool:
        """Let go, unless someone asked to look again: then keep it and return False."""
        if self.collection.update_one({**self.mine(), "again": True}, {"$set": {"again": False}}).matched_count:
            return False
        ended = {**self.mine(), "again": False}
        released = self.collection.update_one(ended, {"$set": {"until": now() - LIFETIME, "owner": ""}})
        return bool(released.matched_count) or not self.collection.count_documents(self.mine(), limit=1)

    def mine(self) -> dict[str, str]:
        return {"_id": self.handler, "owner": self.owner}

    def terms(self) -> dict[str, object]:
        return {"owner": self.owner, "until": now() + LIFETIME, "again": False}


def hold(handler: str) -> Iterator[HeldLease]:
    """Yield the lease once for each look that is due; nothing when another process holds it.

    A caller who finds it held sets ``again``; the holder then looks once more, so no entry that was written
    just before the holder let go is left waiting for the sweep.
    """
    lease = HeldLease(handler)
    if not lease.acquire():
        return
    yield lease
    while not lease.release():
        yield lease
