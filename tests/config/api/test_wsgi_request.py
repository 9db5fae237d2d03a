"""Headers about the body, tested through the WSGI application: the test client does not use it."""

import json
from io import BytesIO
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest

from accounts.access_tokens import issue_access_token
from accounts.models import User
from config.wsgi import application
from events.models import Event

LOGIN = json.dumps({"email": "nora@example.com", "password": "Wrong-pass-917"}).encode()
CHUNKS = {"HTTP_TRANSFER_ENCODING": "chunked"}
FRAMES = {"SERVER_PROTOCOL": "HTTP/2"}


def call(method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, str, dict[str, Any]]:
    """Return status, code and document of the response to a request."""
    environ: dict[str, Any] = {"CONTENT_TYPE": "application/json", **headers}
    setup_testing_defaults(environ)
    environ |= {"REQUEST_METHOD": method, "PATH_INFO": path, "wsgi.input": BytesIO(body), "HTTP_HOST": "testserver"}
    started: list[str] = []
    document = json.loads(b"".join(application(environ, lambda status, _: started.append(status))))
    return int(started[0].split()[0]), document.get("code", ""), document


def book(event: Event, customer: User, body: bytes, **headers: str) -> tuple[int, str, dict[str, Any]]:
    token = issue_access_token(customer.as_actor())
    return call("POST", f"/api/events/{event.id}/book", body, HTTP_AUTHORIZATION=f"Bearer {token}", **headers)


@pytest.mark.parametrize("charset", ["rot13", "hex", "idna", "punycode", "zlib", "undefined", "utf-16"])
def test_bodies_and_queries_are_utf_8_for_any_charset(charset: str):
    content_type = f"application/json; charset={charset}"

    listed = call("GET", "/api/events", CONTENT_TYPE=content_type, QUERY_STRING="city=%C3%A9%ff&page=1")
    refused = call("POST", "/api/auth/login", LOGIN, CONTENT_TYPE=content_type, CONTENT_LENGTH=str(len(LOGIN)))

    assert (listed[0], refused[:2]) == (200, (401, "bad_credentials"))


@pytest.mark.parametrize("parameter", ["x*=no-such''y", "x*=idna''%ff"])
def test_an_unreadable_content_type_is_415(parameter: str):
    content_type = f"application/json; {parameter}"

    refused = call("POST", "/api/auth/login", LOGIN, CONTENT_TYPE=content_type, CONTENT_LENGTH=str(len(LOGIN)))

    assert refused[:2] == (415, "unsupported_media_type")


@pytest.mark.parametrize("framing", [CHUNKS, FRAMES], ids=["chunks", "HTTP/2"])
def test_a_body_without_a_length_is_read(event: Event, customer: User, framing: dict[str, str]):
    status, _, booking = book(event, customer, b'{"qty": 3}', **framing)

    assert (status, booking["qty"]) == (201, 3)


@pytest.mark.parametrize("framing", [CHUNKS, FRAMES], ids=["chunks", "HTTP/2"])
def test_a_body_without_a_length_over_the_limit_is_413(framing: dict[str, str]):
    assert call("POST", "/api/auth/login", b" " * 65_537, **framing)[:2] == (413, "too_large")


def test_a_chunked_body_without_any_chunk_is_400(event: Event, customer: User):
    assert book(event, customer, b"", **CHUNKS)[:2] == (400, "invalid")


def test_booking_over_http_2_needs_no_body(event: Event, customer: User):
    status, _, booking = book(event, customer, b"", **FRAMES)

    assert (status, booking["qty"]) == (201, 1)
