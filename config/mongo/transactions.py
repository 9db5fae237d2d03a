"""Real MongoDB transactions with bounded retry, for cold paths.

``django.db.transaction.atomic`` does nothing on this backend: no rollback. The booking path uses neither
(one hot event: a fifth of the throughput, twelve times the p99); see docs/decisions/0001.
"""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import DatabaseError
from django_mongodb_backend.transaction import atomic
from pymongo.errors import PyMongoError

from config.core.errors import Unavailable

ATTEMPTS = 12
LONGEST_PAUSE = 0.25
T = TypeVar("T")


def run_in_transaction(work: Callable[[], T], *, attempts: int = ATTEMPTS) -> T:
    """Run ``work`` in one transaction and return its result; repeat it if it lost a write conflict.

    ``work`` must be repeatable: no effect outside the database. Raw collections need ``session=connection.session``.

    Raises:
        Unavailable: every attempt lost its conflict. Nothing was written.
    """
    for attempt in range(attempts):
        try:
            with atomic():
                return work()
        except (DatabaseError, PyMongoError) as error:
            if not is_transient(error):
                raise
        time.sleep(random.uniform(0, min(LONGEST_PAUSE, 0.005 * 2**attempt)))  # noqa: S311 - jitter, not a secret
    raise Unavailable("Too much is happening on this at once: try again in a moment.")


def is_transient(error: BaseException) -> bool:
    """Tell whether MongoDB allows the whole transaction to be repeated."""
    cause = error if isinstance(error, PyMongoError) else error.__cause__
    return isinstance(cause, PyMongoError) and cause.has_error_label("TransientTransactionError")
