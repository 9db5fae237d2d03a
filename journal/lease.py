"""One process at a time works on something: it holds a lease in MongoDB, which needs no Redis and ends by itself if
the process dies.
"""

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

LIFETIME = timedelta(seconds=9)  # how long the work waits after the holder was killed

NEVER = datetime.min.replace(tzinfo=UTC)

log = structlog.get_logger(__name__)


def renewal_interval() -> timedelta:
    return LIFETIME / 3


class HeldLease:
    def __init__(self, name: str) -> None:
        self.name, self.owner = name, secrets.token_hex(8)
        self.collection = Lease.documents  # one for all threads: a new thread would have to open a connection
        self._renewed_at = NEVER

    def acquire(self) -> bool:
        """Take the lease if it is free; else ask its holder for one more pass and return False."""
        started_at = now()
        free = {"_id": self.name, "until": {"$lt": started_at}}
        try:
            self.collection.update_one(free, {"$set": self.terms()}, upsert=True)
        except DuplicateKeyError:
            self.collection.update_one({"_id": self.name}, {"$set": {"again": True}})
            return False
        self._renewed_at = started_at
        return True

    def is_held(self) -> bool:
        """Renew the lease if a renewal is due; return False when another process has taken it.

        A lease that was renewed a moment ago is not asked for: each renewal is a write that competes with all others.
        """
        return timedelta(0) <= now() - self._renewed_at < renewal_interval() or self.renew()

    def renew(self) -> bool:
        """Extend the lease; return False when it ran out and another process has taken it."""
        started_at = now()
        extension = {"$set": {"until": started_at + LIFETIME}}
        is_mine = bool(self.collection.update_one(self.mine(), extension).matched_count)
        self._renewed_at = started_at if is_mine else NEVER
        return is_mine

    @contextmanager
    def kept_alive(self) -> Iterator[None]:
        """Renew from a thread while the work takes; the thread dies with the process."""
        done = threading.Event()

        def renew_until_done() -> None:
            while not done.wait(renewal_interval().total_seconds()):
                try:
                    self.renew()
                except PyMongoError as error:  # an election, perhaps: the next try may find a primary in time
                    log.warning("lease_not_renewed", lease=self.name, error=str(error)[:200])

        renewer = threading.Thread(target=renew_until_done, name="lease-renewer", daemon=True)
        renewer.start()
        try:
            yield
        finally:
            done.set()
            renewer.join()

    def release(self) -> bool:
        """Give the lease up, unless another process asked for one more pass: then keep it and return False."""
        released: dict[str, object] = {
            "owner": {"$cond": ["$again", "$owner", ""]},
            "until": {"$cond": ["$again", "$until", now() - LIFETIME]},
            "again": False,
        }
        before = self.collection.find_one_and_update(
            self.mine(), [{"$set": released}], {"again": 1}, return_document=ReturnDocument.BEFORE
        )
        return not (before and before["again"])

    def mine(self) -> dict[str, str]:
        return {"_id": self.name, "owner": self.owner}

    def terms(self) -> dict[str, object]:
        return {"owner": self.owner, "until": now() + LIFETIME, "again": False}


def passes_under_lease(name: str) -> Iterator[HeldLease]:
    """Yield the lease once for each pass over the work; nothing while another process holds it.

    A process that finds the lease held sets ``again``, and the holder makes one more pass. So work that was added just
    before the release does not wait for beat.
    """
    lease = HeldLease(name)
    if not lease.acquire():
        return
    yield lease
    while not lease.release():
        yield lease
