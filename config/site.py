"""The admin site: the theme's, with a login that cannot be guessed at for long."""

import hashlib
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.sites import UnfoldAdminSite

from config.throttling import ByAddress, count_call

PER_ADDRESS, PER_ACCOUNT, MINUTE = 30, 10, 60


class Site(UnfoldAdminSite):
    index_title = "Today"

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Refuse guesses, whatever is guessed: with the right password too, or a guesser would learn that it is."""
        if request.method == "POST" and settings.RATE_LIMITS and is_guessing(request):
            return self.too_many(request)
        return super().login(request, extra_context)

    def too_many(self, request: HttpRequest) -> HttpResponse:
        seconds = int(ByAddress.at("admin-login", f"{PER_ADDRESS}/min")().wait()) + 1
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
    account = hashlib.sha256(request.POST.get("username", "").strip().lower().encode(errors="replace")).hexdigest()
    address = ByAddress().get_ident(request)  # type: ignore[arg-type]  # it reads META, which both kinds have
    by_address = count_call(f"limit:admin-login:{address}", MINUTE)
    by_account = count_call(f"limit:admin-login:{account[:32]}", MINUTE)
    return by_address > PER_ADDRESS or by_account > PER_ACCOUNT
