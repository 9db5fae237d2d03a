"""The OpenAPI document and its pages."""

import re

import pytest
import yaml
from django.core.management import call_command

from tests.support.policies import policy_of

EXPECTED = {
    "/api/auth/register", "/api/auth/login", "/api/auth/refresh", "/api/auth/logout", "/api/auth/me",
    "/api/auth/password", "/api/auth/password/reset", "/api/auth/password/reset/confirm", "/api/auth/create-admin",
    "/api/register", "/api/login",
    "/api/events", "/api/events/{id}", "/api/events/me", "/api/events/{id}/publish", "/api/events/{id}/cancel",
    "/api/events/{id}/availability", "/api/events/{id}/calendar.ics", "/api/events/{event_id}/book",
    "/api/events/{event_id}/report", "/api/events/{event_id}/appeal",
    "/api/events/{event_id}/bookings", "/api/bookings/{id}/cancel", "/api/waitlist", "/api/waitlist/me",
    "/api/waitlist/{id}", "/api/waitlist/{id}/accept", "/api/waitlist/position/{event_id}", "/api/bookings",
    "/api/bookings/me", "/api/bookings/{id}", "/api/analytics/me",
    "/api/analytics/me/timeseries", "/api/analytics/overview", "/api/analytics/revenue", "/api/analytics/events",
    "/api/asyncapi", "/api/notifications", "/api/notifications/read", "/api/webhooks", "/api/webhooks/{id}",
    "/api/webhooks/{id}/deliveries", "/api/webhooks/{id}/deliveries/{delivery_id}/redeliver",
}  # fmt: skip


def test_the_document_has_every_endpoint(anonymous):
    document = yaml.safe_load(anonymous.get("/api/schema").content)

    assert set(document["paths"]) == EXPECTED


def test_the_document_is_generated_without_warnings(tmp_path):
    call_command("spectacular", fail_on_warn=True, validate=True, file=str(tmp_path / "schema.yml"))


@pytest.mark.parametrize("url", ["/api/docs", "/api/redoc"])
def test_the_pages_load_nothing_from_other_hosts(anonymous, url: str):
    response = anonymous.get(url)
    page = response.content.decode()

    assert policy_of(response)["default-src"] == "'self'"
    assert re.findall(r'(?:src|href)="(?:https?:)?//[^"]+"', page) == []
