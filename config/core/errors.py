"""Refusals: why a request cannot be served. Services raise them; config/api/problems.py makes the answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog

log = structlog.get_logger(__name__)


class Refusal(Exception):
    """A named reason not to do what was asked.

    ``members`` become members of the problem document, such as ``availableSeats`` with ``sold_out``.
    """

    status = 400
    code = "refused"
    detail = "The request cannot be served."

    def __init__(self, detail: str | None = None, **members: Any) -> None:
        self.detail = detail or self.detail
        self.members = members
        super().__init__(self.detail)


class Undeliverable(Exception):
    """An effect that never will work: it is given up instead of tried again, and the admin shows why."""


class Invalid(Refusal):
    """Input that a serializer cannot judge alone. ``field`` is the JSON name of the field."""

    code = "invalid"

    def __init__(self, field: str, detail: str, *, code: str = "invalid") -> None:
        super().__init__(detail)
        self.errors = [{"field": field, "code": code, "detail": detail}]


class Unauthorized(Refusal):
    status = 401
    code = "unauthorized"


class Forbidden(Refusal):
    status = 403
    code = "forbidden"


class NotFound(Refusal):
    status = 404
    code = "not_found"
    detail = "There is nothing here, or it is not yours to see."


class Conflict(Refusal):
    status = 409
    code = "conflict"


class PreconditionFailed(Refusal):
    status = 412
    code = "precondition_failed"
    detail = "It changed since you read it: read it again and repeat your change."


class Unprocessable(Refusal):
    status = 422
    code = "unprocessable"


class Unavailable(Refusal):
    status = 503
    code = "unavailable"
    detail = "The service is busy or restarting: try again in a moment."


@contextmanager
def log_and_continue(work: str, **facts: str) -> Iterator[None]:
    """Log what goes wrong inside and go on: one that fails must not keep the others waiting, at every beat anew."""
    try:
        yield
    except Exception:
        log.exception("work_failed", work=work, **facts)
