"""Every error body of the API is made here: RFC 9457 ``application/problem+json``."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pymongo.errors
import structlog
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DatabaseError
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from config.core.errors import Refusal, Unavailable

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


def problem(*, status: int, detail: str, code: str = "", request_id: str = "", **members: Any) -> dict[str, Any]:
    """Return a problem document. ``code`` is stable; ``detail`` is for people and may change."""
    code = code or CODES.get(status, "error")
    return {
        "type": f"urn:boxoffice:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "requestId": request_id,
        **members,
    }


def problem_response(request: HttpRequest, *, status: int, detail: str, **members: Any) -> JsonResponse:
    """Return a problem from outside a REST view: middleware, unknown routes, plain views."""
    document = problem(status=status, detail=detail, request_id=getattr(request, "id", ""), **members)
    response = JsonResponse(document, status=status, content_type=CONTENT_TYPE)
    if status == 503:
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """The one exception handler of the REST layer. None lets a fault go on to the middleware, which answers 500."""
    exc = translate(exc)
    request = context["request"]
    if isinstance(exc, Refusal):
        status, document = exc.status, {"code": exc.code, "detail": exc.detail, **exc.members}
        if errors := getattr(exc, "errors", None):
            document["errors"] = errors
    elif isinstance(exc, exceptions.ValidationError):
        status, document = 400, validation_document(exc)
    elif isinstance(exc, exceptions.NotAuthenticated):
        status, document = 401, {"detail": "Sign in first: send Authorization: Bearer <token>.", "code": "unauthorized"}
    elif isinstance(exc, exceptions.APIException):
        status, document = exc.status_code, {"detail": str(exc.detail), "code": code_of(exc)}
    else:
        return None
    body = problem(status=status, request_id=getattr(request, "id", ""), **document)
    request.accepted_renderer, request.accepted_media_type = JSONRenderer(), CONTENT_TYPE  # not the view's YAML or HTML
    return Response(body, status=status, headers=headers_of(exc, status), content_type=CONTENT_TYPE)


def translate(exc: Exception) -> Exception:
    """Turn what Django and the driver raise into what the API says."""
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
    """Tell whether MongoDB was away, as opposed to refusing one command."""
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


def validation_document(exc: exceptions.ValidationError) -> dict[str, Any]:
    """Return the ``errors`` list with one entry a fault and a sentence that names the fields."""
    errors = list(flatten(exc.get_full_details()))
    fields = sorted({error["field"] for error in errors if error["field"]})
    detail = f"Please correct: {', '.join(fields)}." if fields else errors[0]["detail"]
    return {"code": "invalid", "detail": detail, "errors": errors}


def flatten(details: Any, path: str = "") -> Iterator[dict[str, str]]:
    """Yield ``{field, code, detail}`` for each leaf of DRF's nested details; nested names join with dots."""
    if isinstance(details, dict) and set(details) == {"message", "code"}:
        yield {"field": path, "code": str(details["code"]), "detail": printable(str(details["message"]))}
    elif isinstance(details, dict):
        for name, inner in details.items():
            yield from flatten(inner, path if name == "non_field_errors" else f"{path}.{name}".strip("."))
    else:
        for inner in details:
            yield from flatten(inner, path)


def printable(text: str) -> str:
    """Return text as UTF-8 can hold it: a message may quote the lone surrogate that it complains about."""
    return text.encode(errors="backslashreplace").decode()


def unknown_route(request: HttpRequest, *args: object, **kwargs: object) -> JsonResponse:
    return problem_response(request, status=404, detail="There is no such endpoint; /api/docs lists them all.")
