"""Every error body of the API is built here: RFC 9457 ``application/problem+json``."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

import pymongo.errors
import structlog
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DatabaseError
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from config.core.errors import Refusal, Unavailable
from config.core.json_types import JSONValue

CONTENT_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 2
CODES = {
    400: "invalid",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "too_large",
    415: "unsupported_media_type",
    429: "too_many_requests",
    500: "internal_error",
    503: "unavailable",
}

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Problem:
    """``code`` is stable, ``detail`` is for people and may change; ``members`` extend the document."""

    status: int
    detail: str
    code: str = ""
    members: Mapping[str, object] = field(default_factory=dict)

    def document(self, request: Request | HttpRequest) -> dict[str, object]:
        code = self.code or CODES.get(self.status, "error")
        return {
            "type": f"urn:boxoffice:problem:{code}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "code": code,
            "requestId": getattr(request, "id", ""),
            **self.members,
        }


def problem_response(
    request: HttpRequest, *, status: int, detail: str, code: str = "", **members: object
) -> JsonResponse:
    """Return a problem from outside a REST view: middleware, unknown routes, plain views."""
    document = Problem(status, detail, code, members).document(request)
    response = JsonResponse(document, status=status, content_type=CONTENT_TYPE)
    if status == 503:
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def exception_handler(exc: Exception, context: Mapping[str, JSONValue]) -> Response | None:
    """The exception handler of the REST layer. None passes an unknown exception on to the middleware: a 500."""
    exc = translate(exc)
    problem = problem_of(exc)
    if problem is None:
        return None
    request: Request = context["request"]
    request.accepted_renderer, request.accepted_media_type = JSONRenderer(), CONTENT_TYPE  # not the view's YAML or HTML
    headers = headers_of(exc, problem.status)
    return Response(problem.document(request), status=problem.status, headers=headers, content_type=CONTENT_TYPE)


def problem_of(exc: Exception) -> Problem | None:
    """Return the problem that an exception is answered with; None for one that is a fault of the server."""
    if isinstance(exc, Refusal):
        errors = getattr(exc, "errors", None)
        return Problem(exc.status, exc.detail, exc.code, {**exc.members, **({"errors": errors} if errors else {})})
    if isinstance(exc, exceptions.ValidationError):
        return validation_problem(exc)
    if isinstance(exc, exceptions.NotAuthenticated):
        return Problem(401, "Sign in first: send Authorization: Bearer <token>.", "unauthorized")
    if isinstance(exc, exceptions.APIException):
        return Problem(exc.status_code, str(exc.detail), code_of(exc))
    return None


def translate(exc: Exception) -> Exception:
    """Return the exception of the API that stands for one of Django or of the driver."""
    if isinstance(exc, Http404):
        return exceptions.NotFound()
    if isinstance(exc, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(exc, SuspiciousOperation):
        return exceptions.ParseError("The request cannot be understood: it has too many parameters, or odd ones.")
    if is_database_outage(exc):
        log.error("database_unavailable", error=str(exc)[:300])
        return Unavailable("The database cannot be reached: try again in a moment.")
    return exc


def is_database_outage(exc: BaseException) -> bool:
    """Tell whether MongoDB could not be reached; False when it refused one command."""
    if isinstance(exc, DatabaseError) and exc.__cause__ is not None:
        exc = exc.__cause__
    return isinstance(exc, pymongo.errors.ConnectionFailure | pymongo.errors.WTimeoutError)


def code_of(exc: exceptions.APIException) -> str:
    codes = exc.get_codes()
    return CODES.get(exc.status_code) or (codes if isinstance(codes, str) else "error")


def headers_of(exc: Exception, status: int) -> dict[str, str]:
    headers: dict[str, str] = {}
    if challenge := getattr(exc, "auth_header", None) or ("Bearer" if status == 401 else None):
        headers["WWW-Authenticate"] = challenge
    wait = getattr(exc, "wait", None)
    if wait:
        headers["Retry-After"] = str(int(wait) + 1)
    elif status == 503:
        headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return headers


def validation_problem(exc: exceptions.ValidationError) -> Problem:
    """Return a problem with one of ``errors`` for each fault; its detail names the fields."""
    errors = list(flatten(exc.get_full_details()))
    fields = sorted({error["field"] for error in errors if error["field"]})
    detail = f"Please correct: {', '.join(fields)}." if fields else errors[0]["detail"]
    return Problem(400, detail, "invalid", {"errors": errors})


def flatten(details: JSONValue, path: str = "") -> Iterator[dict[str, str]]:
    """Yield ``{field, code, detail}`` for each leaf of DRF's nested details; nested names are joined with dots."""
    if isinstance(details, dict) and set(details) == {"message", "code"}:
        yield {"field": path, "code": str(details["code"]), "detail": encodable(str(details["message"]))}
    elif isinstance(details, dict):
        for name, inner in details.items():
            yield from flatten(inner, path if name == "non_field_errors" else f"{path}.{name}".strip("."))
    else:
        for inner in details:
            yield from flatten(inner, path)


def encodable(text: str) -> str:
    """Escape lone surrogates, which UTF-8 cannot encode: a message may quote the one that it is about."""
    return text.encode(errors="backslashreplace").decode()


def unknown_route(request: HttpRequest, *args: object, **kwargs: object) -> JsonResponse:
    return problem_response(request, status=404, detail="There is no such endpoint; /api/docs lists them all.")
