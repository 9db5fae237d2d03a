"""Many rows, some at a time."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def in_chunks(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield rows in lists of a size: ``itertools.batched``, which Python has from 3.12 on."""
    remaining = iter(rows)
    while chunk := list(islice(remaining, size)):
        yield chunk
