"""Progress of long commands: a bar on a terminal, nothing in a log file."""

from collections.abc import Iterable, Iterator
from typing import TextIO, TypeVar

T = TypeVar("T")
WIDTH = 30


def progress(items: Iterable[T], *, total: int, label: str, out: TextIO) -> Iterator[T]:
    """Yield the items; while they are worked on, show how far it is."""
    shown = -1
    for done, item in enumerate(items, start=1):
        yield item
        percent = min(100, 100 * done // max(total, 1))
        if out.isatty() and percent != shown:
            shown = percent
            filled = WIDTH * percent // 100
            out.write(f"\r{label} [{'#' * filled}{'.' * (WIDTH - filled)}] {percent:3d} %  {done:,}")
            out.flush()
    if out.isatty():
        out.write("\n")
