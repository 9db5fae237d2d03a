"""Refusals: why a request cannot be served. Services raise them; config/api/problems.py makes the response."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog

log = structlog.get_logger(__name__)


class Refusal(Exception):
    """A named reason to refuse a request.

    ``members`` become members of the problem document, such as ``availableSeats`` with ``sold_out``.
    """

    status = 400
    code = "refused"
    detail = "The request cannot be served."

    def __init__(self, detail: str | None = None, **members: object) -> None:
        self.detail = detail or self.detail
        self.members = members
        super().__init__(self.detail)


class Undeliverable(Exception):
    """An effect that can never succeed: it is given up instead of tried again, and the admin shows the reason."""


class Invalid(Refusal):
    """Input that a serializer alone cannot validate. ``field`` is the JSON name of the field."""

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
def log_and_continue(work: str, **context: str) -> Iterator[None]:
    """Log an exception and continue: an item that fails at every run must not block the items after it."""
    try:
        yield
    except Exception:
        log.exception("work_failed", work=work, **context)
