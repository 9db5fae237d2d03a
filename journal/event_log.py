"""The event log: a JSON line for each thing that happened, exactly once, in a file that others may rotate.

A line does not carry its entry's id, so the file alone cannot tell whether a batch was written before a crash.
Therefore each batch is announced first (``Batch``: which file, from which byte on, which entries); a writer that finds
an announcement looks at those bytes before it writes anything. A torn last line is cut off. One writer at a time holds
a lock beside the file; it asks MongoDB under the lock what is still to be written.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import orjson
from django.conf import settings

from config.core.clock import as_utc
from journal.catalogue import EVENT_LOG_FIELDS
from journal.dispatch import mark_delivered, still_pending
from journal.documents import BatchDocument
from journal.handlers import Handler
from journal.models import Batch, Entry

NAME = "eventlog"


def line_of(entry: Entry) -> bytes:
    """Return the line of an entry, as docs and contract show it."""
    moment = as_utc(entry.at).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    data = {name: entry.data[name] for name in EVENT_LOG_FIELDS[entry.type] if name in entry.data}
    return orjson.dumps({"event": entry.type, "timestamp": moment, "data": data}) + b"\n"


def lines(entries: Iterable[Entry]) -> Iterator[bytes]:
    return (line_of(entry) for entry in entries)


def write(entries: Sequence[Entry]) -> None:
    """Append the entries that are not in the file yet, and mark them while the lock is held."""
    path = Path(settings.EVENT_LOG)
    path.parent.mkdir(parents=True, exist_ok=True)
    with exclusive(path):
        finish_interrupted(path)
        fresh = still_pending(NAME, entries)  # another writer may have been here since these were read
        with path.open("ab") as file:
            announce(file, fresh)
            file.writelines(lines(fresh))
            file.flush()
            os.fsync(file.fileno())
        settle(fresh)


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    with path.with_name(path.name + ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def announce(file: BinaryIO, entries: Sequence[Entry]) -> None:
    batch: BatchDocument = {
        "_id": NAME,
        "inode": os.fstat(file.fileno()).st_ino,
        "offset": file.tell(),
        "entries": [one.id for one in entries],
    }
    Batch.documents.replace_one({"_id": NAME}, batch, upsert=True)


def settle(entries: Sequence[Entry]) -> None:
    """Mark entries as written, then take the announcement back."""
    mark_delivered(NAME, entries)
    Batch.documents.delete_one({"_id": NAME})


def finish_interrupted(path: Path) -> None:
    """See what of an announced batch reached the file; those entries are done, whatever came after them is not."""
    batch = Batch.documents.find_one({"_id": NAME})
    if batch is None:
        return
    if (file := find_by_inode(path, batch["inode"])) is not None:
        announced = in_order(batch["entries"])
        written = zip(announced, whole_lines(file, batch["offset"]), strict=False)  # in the order of the announcement
        mark_delivered(NAME, [entry for entry, line in written if line_of(entry) == line])
    Batch.documents.delete_one({"_id": NAME})


def in_order(ids: Sequence[str]) -> list[Entry]:
    documents = {document["_id"]: document for document in Entry.documents.find({"_id": {"$in": list(ids)}})}
    return [Entry.of(documents[one]) for one in ids]


def find_by_inode(path: Path, inode: int) -> Path | None:
    """Return the file of a batch, also if it was rotated away meanwhile: renamed, it keeps its inode."""
    beside = (one for one in path.parent.iterdir() if one.is_file() and one.stat().st_ino == inode)
    return next(beside, None)


def whole_lines(file: Path, offset: int) -> list[bytes]:
    """Return the lines from ``offset`` on, and cut off a last one that was not written to its end."""
    with file.open("r+b") as opened:
        opened.seek(offset)
        tail = opened.read()
        whole, newline, torn = tail.rpartition(b"\n")
        if torn:
            opened.truncate(offset + len(whole) + len(newline))
    return (whole + newline).splitlines(keepends=True)


class EventLog(Handler):
    name = NAME
    types = EVENT_LOG_FIELDS
    batch = 500

    def deliver(self, entries: Sequence[Entry]) -> None:
        write(entries)
