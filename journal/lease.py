"""One drainer a handler: a lease in MongoDB, so that it holds without Redis and ends with its holder's death."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import structlog
from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError, PyMongoError

from config.core.clock import now
from journal.models import Lease

LIFETIME = timedelta(seconds=9)  # how long entries wait after their drainer was killed

NEVER = datetime.min.replace(tzinfo=UTC)

log = structlog.get_logger(__name__)


def renew_after() -> timedelta:
    return LIFETIME / 3


class HeldLease:
    def __init__(self, handler: str) -> None:
        self.handler, self.owner = handler, secrets.token_hex(8)
        self.collection = Lease.documents  # one for all threads: a new thread would have to open a connection
        self._noted_at = NEVER

    def acquire(self) -> bool:
        """Take the lease, or ask its holder to look once more before it lets go."""
        asked_at = now()
        free = {"_id": self.handler, "until": {"$lt": asked_at}}
        try:
            self.collection.update_one(free, {"$set": self.terms()}, upsert=True)
        except DuplicateKeyError:
            self.collection.update_one({"_id": self.handler}, {"$set": {"again": True}})
            return False
        self._noted_at = asked_at
        return True

    def is_held(self) -> bool:
        """Hold on for another while if it is time to; return False when another process took the lease meanwhile.

        A lease noted a moment ago needs no question: each is a write that everyone else's writes wait beside.
        """
        return timedelta(0) <= now() - self._noted_at < renew_after() or self.renew()

    def renew(self) -> bool:
        """Hold on for another while; return False when the lease ran out meanwhile and another process took it."""
        asked_at = now()
        is_mine = bool(self.collection.update_one(self.mine(), {"$set": {"until": asked_at + LIFETIME}}).matched_count)
        self._noted_at = asked_at if is_mine else NEVER
        return is_mine

    @contextmanager
    def kept_alive(self) -> Iterator[None]:
        """Renew from a thread of its own for as long as the work takes; a process that dies takes the thread along."""
        done = threading.Event()

        def renew() -> None:
            while not done.wait(renew_after().total_seconds()):
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
        let_go: dict[str, object] = {
            "owner": {"$cond": ["$again", "$owner", ""]},
            "until": {"$cond": ["$again", "$until", now() - LIFETIME]},
            "again": False,
        }
        before = self.collection.find_one_and_update(
            self.mine(), [{"$set": let_go}], {"again": 1}, return_document=ReturnDocument.BEFORE
        )
        return not (before and before["again"])

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
