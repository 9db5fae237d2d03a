"""The admin site: the theme's, with a limit to guesses at the login."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver
from unfold.sites import UnfoldAdminSite

from config.api import rates
from config.api.throttling import ByAddress, digest_of


class Site(UnfoldAdminSite):
    index_title = "Today"

    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """Refuse attempts beyond the limit, with the right password as well: a guesser must not learn which it is."""
        if request.method == "POST" and settings.RATE_LIMITS and exceeds_login_limits(request):
            return self.too_many_attempts(request)
        return super().login(request, extra_context)

    def too_many_attempts(self, request: HttpRequest) -> HttpResponse:
        seconds = int(rates.ADMIN_LOGIN_FROM_ADDRESS().wait()) + 1
        context = {**self.each_context(request), "title": "Too many attempts", "seconds": seconds}
        response = TemplateResponse(request, "admin/too_many.html", context, status=429)
        response["Retry-After"] = str(seconds)
        return response

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Leave out the redirect to an object's public page: no model has one, and it fails on unusual ids."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    def search(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """Find nothing: the theme's search would ask every list for one word, which no index serves."""
        return HttpResponse()


def exceeds_login_limits(request: HttpRequest) -> bool:
    """Count this attempt for its address and for its account; tell whether it is over one of the limits."""
    address = ByAddress().get_ident(request)  # type: ignore[arg-type]  # it reads META, which both kinds have
    address_allowed = rates.ADMIN_LOGIN_FROM_ADDRESS.allows(address)
    account_allowed = rates.ADMIN_LOGIN_TO_ACCOUNT.allows(digest_of(request.POST.get("username", "")))
    return not (address_allowed and account_allowed)
