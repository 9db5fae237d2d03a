"""The documentation pages: everything they show comes from here, and the browser holds them to it."""

from typing import Any

from django.http.response import HttpResponseBase
from drf_spectacular.views import SpectacularRedocView, SpectacularSwaggerView

OWN_FILES_ONLY = (
    "default-src 'self'; img-src 'self' data:; font-src 'self' data:; worker-src 'self' blob:; "
    "style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; frame-ancestors 'none'"
)


class OwnFilesOnly:
    """Adds a Content-Security-Policy without other hosts. Inline parts are the bundled pages' own."""

    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().dispatch(*args, **kwargs)  # type: ignore[misc]  # of the view it is mixed into
        response["Content-Security-Policy"] = OWN_FILES_ONLY
        return response


class SwaggerPage(OwnFilesOnly, SpectacularSwaggerView):
    """/api/docs"""


class RedocPage(OwnFilesOnly, SpectacularRedocView):
    """/api/redoc"""
