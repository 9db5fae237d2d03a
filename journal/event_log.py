"""The event log: a file with one JSON line for each logged entry, exactly once, which may be rotated by renaming.

A line does not carry the id of its entry, so the file alone cannot tell whether a batch was written before a crash.
Therefore the writer announces each batch in MongoDB first (``Batch``: which file, from which byte on, which entries).
A writer that finds an announcement reads those bytes before it writes anything, and cuts off a torn last line. One
writer at a time holds a lock beside the file; under the lock it asks MongoDB which entries are still to be written.
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
    """Return the line of an entry, in the format that the API contract promises."""
    moment = as_utc(entry.at).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    data = {name: entry.data[name] for name in EVENT_LOG_FIELDS[entry.type] if name in entry.data}
    return orjson.dumps({"event": entry.type, "timestamp": moment, "data": data}) + b"\n"


def lines_of(entries: Iterable[Entry]) -> Iterator[bytes]:
    return (line_of(entry) for entry in entries)


def write_entries(entries: Sequence[Entry]) -> None:
    """Append the entries that are not in the file yet, and mark them while the lock is held."""
    path = Path(settings.EVENT_LOG)
    path.parent.mkdir(parents=True, exist_ok=True)
    with lock_beside(path):
        finish_interrupted_batch(path)
        missing = still_pending(NAME, entries)  # another writer may have written some since they were read
        with path.open("ab") as file:
            announce_batch(file, missing)
            file.writelines(lines_of(missing))
            file.flush()
            os.fsync(file.fileno())
        mark_written(missing)


@contextmanager
def lock_beside(path: Path) -> Iterator[None]:
    with path.with_name(path.name + ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def announce_batch(file: BinaryIO, entries: Sequence[Entry]) -> None:
    batch: BatchDocument = {
        "_id": NAME,
        "inode": os.fstat(file.fileno()).st_ino,
        "offset": file.tell(),
        "entries": [entry.id for entry in entries],
    }
    Batch.documents.replace_one({"_id": NAME}, batch, upsert=True)


def mark_written(entries: Sequence[Entry]) -> None:
    """Mark entries as delivered, then remove the announcement."""
    mark_delivered(NAME, entries)
    Batch.documents.delete_one({"_id": NAME})


def finish_interrupted_batch(path: Path) -> None:
    """Mark the entries of an announced batch whose lines reached the file; the others stay pending."""
    batch = Batch.documents.find_one({"_id": NAME})
    if batch is None:
        return
    if (file := find_by_inode(path, batch["inode"])) is not None:
        announced = entries_in_order(batch["entries"])
        written = zip(announced, whole_lines(file, batch["offset"]), strict=False)  # lines have the order of the batch
        mark_delivered(NAME, [entry for entry, line in written if line_of(entry) == line])
    Batch.documents.delete_one({"_id": NAME})


def entries_in_order(ids: Sequence[str]) -> list[Entry]:
    documents = {document["_id"]: document for document in Entry.documents.find({"_id": {"$in": list(ids)}})}
    return [Entry.of(documents[entry_id]) for entry_id in ids]


def find_by_inode(path: Path, inode: int) -> Path | None:
    """Return the file that a batch was written to: one that was rotated by renaming keeps its inode."""
    files = (file for file in path.parent.iterdir() if file.is_file() and file.stat().st_ino == inode)
    return next(files, None)


def whole_lines(file: Path, offset: int) -> list[bytes]:
    """Return the lines from ``offset`` on, and cut off a last line that has no line break."""
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
        write_entries(entries)
