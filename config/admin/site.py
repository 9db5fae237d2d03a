"""The admin site: the theme's, with a login that cannot be guessed at for long."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.sites import UnfoldAdminSite

from config.api import rates
from config.api.throttling import ByAddress, digest_of


class Site(UnfoldAdminSite):
    index_title = "Today"

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Refuse guesses, whatever is guessed: with the right password too, or a guesser would learn that it is."""
        if request.method == "POST" and settings.RATE_LIMITS and is_guessing(request):
            return self.too_many(request)
        return super().login(request, extra_context)

    def too_many(self, request: HttpRequest) -> HttpResponse:
        seconds = int(rates.ADMIN_LOGIN_FROM_ADDRESS().wait()) + 1
        context = {**self.each_context(request), "title": "Too many attempts", "seconds": seconds}
        response = TemplateResponse(request, "admin/too_many.html", context, status=429)
        response["Retry-After"] = str(seconds)
        return response

    def get_urls(self) -> list[Any]:
        """Leave out the way from an object to its public page: nothing here has one, and it falls over strange ids."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Find nothing: the theme's search would go through every list with one word, which no index serves."""
        return HttpResponse()


def is_guessing(request: HttpRequest) -> bool:
    """Count this attempt, for its address and for the account that it names, and tell whether it is one too many."""
    address = ByAddress().get_ident(request)  # type: ignore[arg-type]  # it reads META, which both kinds have
    address_is_admitted = rates.ADMIN_LOGIN_FROM_ADDRESS.admits(address)
    account_is_admitted = rates.ADMIN_LOGIN_TO_ACCOUNT.admits(digest_of(request.POST.get("username", "")))
    return not (address_is_admitted and account_is_admitted)
