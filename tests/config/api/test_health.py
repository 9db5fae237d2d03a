"""/healthz, /readyz and /metrics."""

import re

import pytest

from config.api import metrics_endpoint
from tests.support.bad_input import is_problem


def test_healthz_is_ok(anonymous):
    assert anonymous.get("/healthz").json() == {"status": "ok"}


def test_readyz_is_ok_when_both_services_respond(anonymous):
    response = anonymous.get("/readyz")

    assert (response.status_code, response.json()) == (200, {"status": "ok", "mongodb": "ok", "redis": "ok"})


def test_readyz_without_redis_is_503_and_names_it(anonymous, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    response = anonymous.get("/readyz")

    assert is_problem(response, 503, "not_ready")
    assert response.json()["unreachable"] == ["redis"]


def test_metrics_count_requests_by_route(anonymous):
    anonymous.get("/api/events/EVT-00000000/availability")

    text = anonymous.get("/metrics").content.decode()
    assert re.search(r'http_requests_total{method="GET",route="api/[^"]*/availability[^"]*",status="404"} 1', text), (
        text
    )


@pytest.mark.parametrize("address", ["10.0.0.1", "8.8.8.8", "", "::2"])
def test_metrics_without_a_token_are_404_for_other_machines(anonymous, address: str):
    assert is_problem(anonymous.get("/metrics", REMOTE_ADDR=address), 404)


def test_metrics_without_a_token_are_404_for_forwarded_requests(anonymous):
    assert is_problem(anonymous.get("/metrics", HTTP_X_FORWARDED_FOR="127.0.0.1"), 404)


@pytest.mark.parametrize(("header", "status"), [("Bearer secret", 200), ("Bearer x", 404), ("", 404), ("secret", 404)])
def test_metrics_with_a_token_are_404_for_all_but_its_bearer(anonymous, settings, header: str, status: int):
    settings.METRICS_TOKEN = "secret"

    assert anonymous.get("/metrics", HTTP_AUTHORIZATION=header, REMOTE_ADDR="8.8.8.8").status_code == status


@pytest.mark.parametrize(("address", "own"), [("127.0.0.1", True), ("127.0.0.1:80", True), ("::1", True), ("x", False)])
def test_loopback_addresses_are_recognized(address: str, own: bool):
    assert metrics_endpoint.is_loopback(address) is own
