"""Iterating in chunks."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def in_chunks(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield lists of ``size`` rows; the last may be shorter. From Python 3.12 on, ``itertools.batched`` does this."""
    remaining = iter(rows)
    while chunk := list(islice(remaining, size)):
        yield chunk
