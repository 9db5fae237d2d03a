"""The URLs of the whole project."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView

from config.api import health, metrics_endpoint
from config.api.documentation_pages import RedocPage, SwaggerPage
from config.api.problems import problem_response, unknown_route


def favicon(request: HttpRequest) -> HttpResponse:
    """Send browsers to the icon: they ask for this address on pages that name none."""
    return HttpResponseRedirect(static("boxoffice/icon.svg"))


api: list[URLPattern | URLResolver] = [
    path("", include("bookings.urls")),  # first: Django tries routes in this order, and bookings are the hottest
    path("", include("events.urls")),
    path("", include("accounts.urls")),
    path("", include("analytics.urls")),
    path("", include("realtime.urls")),
    path("schema", SpectacularAPIView.as_view(), name="schema"),
    path("docs", SwaggerPage.as_view(), name="docs"),
    path("redoc", RedocPage.as_view(), name="redoc"),
    re_path(r"^.*$", unknown_route),
]

urlpatterns = [
    path("api/", include(api)),
    path("api", unknown_route),
    path("favicon.ico", favicon),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", metrics_endpoint.metrics_page),
    path("admin/", include("accounts.admin.urls")),
    path("admin/moderation/", include("events.moderation.admin_urls")),
    path("admin/", admin.site.urls),
    path("", include("realtime.pages.urls")),
    path("", RedirectView.as_view(url="/api/docs")),
]


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem_response(request, status=404, detail="There is nothing here.")


def server_error(request: HttpRequest) -> HttpResponse:
    return problem_response(request, status=500, detail="Something went wrong here. The requestId helps us find it.")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem_response(request, status=400, detail="The request cannot be understood.")


handler400, handler404, handler500 = bad_request, page_not_found, server_error
