"""Reads of several collections as of one moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from pymongo.client_session import ClientSession

from config.mongo.collections import client


@contextmanager
def snapshot_session() -> Iterator[ClientSession]:
    """Read everything as it was at one moment, while bookings continue."""
    with client().start_session(snapshot=True) as session:
        yield session
