"""The documentation pages: everything they show comes from here, and the browser holds them to it."""

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django.utils.decorators import method_decorator
from drf_spectacular.views import SpectacularRedocView, SpectacularSwaggerView

# No other hosts; the inline parts are the bundled pages' own.
POLICY = {
    "default-src": [SELF],
    "img-src": [SELF, "data:"],
    "font-src": [SELF, "data:"],
    "worker-src": [SELF, "blob:"],
    "style-src": [SELF, UNSAFE_INLINE],
    "script-src": [SELF, UNSAFE_INLINE],
    "frame-ancestors": [NONE],
}


@method_decorator(csp(POLICY), name="dispatch")
class SwaggerPage(SpectacularSwaggerView):
    """/api/docs"""


@method_decorator(csp(POLICY), name="dispatch")
class RedocPage(SpectacularRedocView):
    """/api/redoc"""
