"""The pages of the API documentation. Their policy lets the browser load everything from this server only."""

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django.utils.decorators import method_decorator
from drf_spectacular.views import SpectacularRedocView, SpectacularSwaggerView

# No other hosts; the bundled pages contain inline styles and scripts.
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
