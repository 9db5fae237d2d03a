"""Every error under /api is a problem document."""

import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest
from structlog.stdlib import ProcessorFormatter

from config.api.problems import flatten
from events.models import Event
from events.querysets import EventQuerySet
from tests.support.bad_input import is_problem
from tests.support.mongodb_commands import breaking_off


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "options", "head"])
@pytest.mark.parametrize("url", ["/api", "/api/", "/api/nothing", "/api/events/", "/api/bookings/x/y/z", "/api/%ff%00"])
def test_an_unknown_route_is_404(anonymous, method: str, url: str):
    response = getattr(anonymous, method)(url)

    assert response.status_code == 404
    assert method == "head" or is_problem(response, 404, "not_found")


@pytest.mark.parametrize("debug", [True, False])
def test_a_server_fault_is_500_without_a_traceback(event: Event, anonymous, monkeypatch, caplog, debug: bool):
    monkeypatch.setattr("django.conf.settings.DEBUG", debug)
    monkeypatch.setattr(EventQuerySet, "get_visible", lambda *_: 1 / 0)

    response = anonymous.get(f"/api/events/{event.id}/availability", headers={"X-Request-ID": "find-me"})

    assert is_problem(response, 500, "internal_error")
    assert response.json()["requestId"] == "find-me"
    assert "ZeroDivisionError" not in response.content.decode()
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize("debug", [True, False])
def test_an_unknown_host_is_400(anonymous, settings, debug: bool):
    settings.DEBUG = debug

    for host in ("evil.example", "a b", "x" * 300):
        assert is_problem(anonymous.get("/api/events", HTTP_HOST=host), 400, "invalid_host")


def test_a_wrong_method_is_405(anonymous):
    assert is_problem(anonymous.put("/api/auth/login", {}), 405, "method_not_allowed")


@pytest.mark.parametrize("url", ["/api/schema", "/api/docs", "/api/redoc", "/api/asyncapi"])
def test_a_wrong_method_is_405_for_views_with_yaml_or_html(anonymous, url: str):
    assert is_problem(anonymous.post(url, {}), 405, "method_not_allowed")


def test_too_many_query_parameters_are_400(anonymous):
    assert is_problem(anonymous.get("/api/events?" + "a=1&" * 1001), 400, "invalid")


def test_responses_are_json_for_any_accept_header(anonymous):
    for accept in ("text/html", "application/xml", "garbage", "*/*;q=x"):
        assert anonymous.get("/api/events", HTTP_ACCEPT=accept)["Content-Type"] == "application/json"


@pytest.mark.parametrize("offered", ["a", "A.b_c-1", "x" * 128])
def test_a_valid_request_id_of_the_client_is_kept(anonymous, offered: str):
    assert anonymous.get("/api/events", HTTP_X_REQUEST_ID=offered)["X-Request-ID"] == offered


@pytest.mark.parametrize("offered", ["", "a b", "x" * 129, "a\nb", "<x>", "ü"])
def test_an_invalid_request_id_of_the_client_is_replaced(anonymous, offered: str):
    given = anonymous.get("/api/events", HTTP_X_REQUEST_ID=offered)["X-Request-ID"]

    assert (len(given), given.isalnum()) == (32, True)


def test_a_lost_database_connection_is_503_with_retry_after(anonymous):
    with breaking_off("aggregate", "events_event"):
        response = anonymous.get("/api/events/EVT-00000000")

    assert is_problem(response, 503, "unavailable")
    assert int(response["Retry-After"]) > 0


def test_an_unlisted_origin_gets_no_cors_header(anonymous):
    response = anonymous.get("/api/events", HTTP_ORIGIN="https://evil.example")

    assert "Access-Control-Allow-Origin" not in response


def test_a_listed_origin_gets_the_cors_header(anonymous, settings):
    settings.CORS_ALLOWED_ORIGINS = ["https://shop.example"]

    response = anonymous.get("/api/events", HTTP_ORIGIN="https://shop.example")

    assert response["Access-Control-Allow-Origin"] == "https://shop.example"


def test_fields_of_nested_faults_are_joined_with_dots():
    details = {
        "tags": {0: [{"message": "Too long.", "code": "max_length"}]},
        "non_field_errors": [{"message": "No.", "code": "x"}],
    }

    assert list(flatten(details)) == [
        {"field": "tags.0", "code": "max_length", "detail": "Too long."},
        {"field": "", "code": "x", "detail": "No."},
    ]


@pytest.fixture
def log() -> Iterator[StringIO]:
    """The log as the process writes it to standard output."""
    (formatter,) = {h.formatter for h in logging.getLogger().handlers if isinstance(h.formatter, ProcessorFormatter)}
    handler = logging.StreamHandler(StringIO())
    handler.setFormatter(formatter)
    logging.getLogger().addHandler(handler)
    yield handler.stream
    logging.getLogger().removeHandler(handler)


def test_a_log_line_is_json_with_the_request_id(anonymous, log: StringIO):
    anonymous.get("/api/events", HTTP_X_REQUEST_ID="find-me")

    (line,) = [json.loads(line) for line in log.getvalue().splitlines()]
    assert (line["event"], line["path"], line["status"], line["request_id"]) == (
        "request",
        "/api/events",
        200,
        "find-me",
    )
