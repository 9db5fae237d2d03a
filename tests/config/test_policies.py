"""The Content-Security-Policy of each kind of response. For /console/ and /e/{id}: realtime/pages/test_pages.py."""

import pytest
from django.contrib.admin import site
from django.test import Client

from tests.support.policies import policy_of

ADMIN = {
    "default-src": "'none'",
    "script-src": "'self' 'unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
DOCUMENTATION = {
    "default-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self' data:",
    "worker-src": "'self' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "script-src": "'self' 'unsafe-inline'",
    "frame-ancestors": "'none'",
}


@pytest.mark.parametrize("path", ["", "login/", "events/event/", "moderation/", "no-such-page/"])
def test_admin_pages_have_the_default_policy(staff, path: str):
    browser = Client()
    browser.force_login(staff)

    assert policy_of(browser.get(f"/admin/{path}")) == ADMIN


def test_the_redirect_to_the_login_has_the_default_policy():
    response = Client().get("/admin/")

    assert (response.status_code, policy_of(response)) == (302, ADMIN)


def test_an_error_page_of_the_admin_has_the_default_policy(staff, monkeypatch: pytest.MonkeyPatch):
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    browser = Client(raise_request_exception=False)
    browser.force_login(staff)
    monkeypatch.setattr(site, "each_context", fail)

    response = browser.get("/admin/")

    assert (response.status_code, policy_of(response)) == (500, ADMIN)


@pytest.mark.parametrize("path", ["/api/docs", "/api/redoc"])
def test_documentation_pages_have_their_own_policy(path: str):
    assert policy_of(Client().get(path)) == DOCUMENTATION


@pytest.mark.parametrize("path", ["/api", "/api/events", "/api/schema", "/api/bookings/me", "/api/no-such-route"])
def test_api_responses_have_no_policy(path: str):
    assert "Content-Security-Policy" not in Client().get(path)
