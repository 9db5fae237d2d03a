"""manage.py export_event_log: write the event log anew, from the journal."""

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.core.management.base import BaseCommand
from tqdm import tqdm

from config.core.clock import as_utc
from journal.catalogue import EVENT_LOG_FIELDS
from journal.event_log import line_of
from journal.models import Entry


def moment(text: str) -> datetime:
    """Return a time in UTC; a time without a zone is read as UTC."""
    try:
        return as_utc(datetime.fromisoformat(text)).astimezone(UTC)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no time such as 2026-11-01 or 2026-11-01T18:00:00Z") from None


class Command(BaseCommand):
    help = "Write the event log from the journal, oldest first: to standard output, or to a new file."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--since", type=moment, help="only what happened at this time (ISO 8601, UTC) or later")
        parser.add_argument("--output", type=Path, help="a new file")

    def handle(self, *args: object, since: datetime | None, output: Path | None, **options: object) -> None:
        query: dict[str, object] = {"type": {"$in": list(EVENT_LOG_FIELDS)}}
        if since:
            query["at"] = {"$gte": since}
        total = Entry.documents.count_documents(query)
        lines = tqdm(read_lines(query), total=total, desc="entries", disable=None)
        if output is None:
            for line in lines:
                self.stdout.write(line.decode(), ending="")
            return
        with output.open("xb") as file:
            file.writelines(lines)


def read_lines(query: dict[str, object]) -> Iterator[bytes]:
    for document in Entry.documents.find(query).sort([("at", 1), ("_id", 1)]):
        yield line_of(Entry.of(document))
