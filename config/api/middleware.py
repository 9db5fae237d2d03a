"""Middleware: request ids, the access log, metrics, and no HTML under /api."""

import re
import time
import uuid
from collections.abc import Awaitable, Callable

import structlog
from csp import middleware as csp
from django.conf import settings
from django.contrib.auth import middleware as auth
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.http.response import HttpResponseBase
from django.middleware import clickjacking, common, csrf, security
from whitenoise import middleware as whitenoise

from config.api.problems import is_database_outage, problem_response
from config.core import metrics

API = "/api/"
API_PAGES = {"/api/docs", "/api/redoc"}
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")

log = structlog.get_logger("http")

NextHandler = Callable[[HttpRequest], HttpResponseBase]


def is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith(API) or request.path_info == "/api"


class RequestContextMiddleware:
    """Outermost: request id, access log, metrics; refuses invalid requests under /api; turns faults into a 500."""

    def __init__(self, get_response: NextHandler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        request_id = request_id_of(request)
        request.id = request_id  # type: ignore[attr-defined]  # our own attribute
        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            response = self.refuse_invalid(request) or self.get_response(request)
            self.record_request(request, response, time.perf_counter() - started)
        finally:
            structlog.contextvars.clear_contextvars()
        if is_api(request) and isinstance(response, HttpResponse):
            response.headers.setdefault("Content-Length", str(len(response.content)))
        response["X-Request-ID"] = request_id
        return response

    def refuse_invalid(self, request: HttpRequest) -> HttpResponseBase | None:
        """Refuse with JSON the requests that Django would refuse with an HTML page before any view runs."""
        if not is_api(request):
            return None
        try:
            request.get_host()
        except SuspiciousOperation:
            return problem_response(request, status=400, detail="This Host is not served here.", code="invalid_host")
        if content_length(request) > settings.API_MAX_BODY_BYTES:
            limit = settings.API_MAX_BODY_BYTES // 1024
            return problem_response(request, status=413, detail=f"The body is larger than {limit} KiB.")
        return None

    def process_exception(self, request: HttpRequest, exc: Exception) -> HttpResponseBase | None:
        if not is_api(request):
            return None
        if is_database_outage(exc):
            return problem_response(
                request, status=503, detail="The database cannot be reached: try again in a moment."
            )
        log.exception("unhandled_error", path=request.path)
        return problem_response(
            request, status=500, detail="Something went wrong here. The requestId helps us find it."
        )

    def record_request(self, request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
        match = request.resolver_match
        route = match.route if match else "unmatched"
        metrics.observe_request(method=request.method or "", route=route, status=response.status_code, seconds=seconds)
        log.info(
            "request",
            method=request.method,
            path=request.path,
            status=response.status_code,
            ms=round(seconds * 1000, 1),
            user=getattr(request, "actor_id", None),
        )


def request_id_of(request: HttpRequest) -> str:
    """Return the client's request id if it is harmless in logs and headers, else a new one."""
    offered = request.META.get("HTTP_X_REQUEST_ID", "")
    return offered if REQUEST_ID.fullmatch(offered) else uuid.uuid4().hex


def content_length(request: HttpRequest) -> int:
    value = request.META.get("CONTENT_LENGTH") or "0"
    return int(value) if value.isdigit() else 0


class PagesOnly:
    """Skips a middleware under /api, which has no cookies, sessions or forms: each would slow every booking down."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if is_api(request):
            return self.get_response(request)  # type: ignore[attr-defined]  # of the middleware that this is mixed into
        return super().__call__(request)  # type: ignore[misc]  # of the middleware that this is mixed into


class SecurityMiddleware(security.SecurityMiddleware):
    """For API and pages."""


class WhiteNoiseMiddleware(PagesOnly, whitenoise.WhiteNoiseMiddleware):
    """Static files of the admin and the API pages."""


class SessionMiddleware(PagesOnly, sessions.SessionMiddleware):
    """Only the admin has sessions."""


class CommonMiddleware(PagesOnly, common.CommonMiddleware):
    """Content-Length and the Host check of pages; RequestContextMiddleware does both for the API."""


class CsrfViewMiddleware(PagesOnly, csrf.CsrfViewMiddleware):
    """Only the admin has forms. The API authenticates by header only, so other sites cannot forge requests to it."""

    def process_view(
        self,
        request: HttpRequest,
        callback: Callable[..., HttpResponseBase],
        callback_args: tuple[object, ...],
        callback_kwargs: dict[str, object],
    ) -> HttpResponseForbidden | None:
        """Skip the API: Django calls this even without ``__call__``, and would refuse a POST with an HTML page."""
        return None if is_api(request) else super().process_view(request, callback, callback_args, callback_kwargs)


class AuthenticationMiddleware(PagesOnly, auth.AuthenticationMiddleware):
    """Only the admin has users of sessions."""


class CSPMiddleware(csp.CSPMiddleware):
    """Adds the Content-Security-Policy of the view, or else of settings.

    Responses of the API have none: their clients ignore it, and it costs 17 µs or more.
    """

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if is_api(request) and request.path_info not in API_PAGES:
            return self.get_response(request)
        return super().__call__(request)


class MessageMiddleware(PagesOnly, messages.MessageMiddleware):
    """Only the admin has messages."""


class XFrameOptionsMiddleware(PagesOnly, clickjacking.XFrameOptionsMiddleware):
    """Only pages can be framed."""
