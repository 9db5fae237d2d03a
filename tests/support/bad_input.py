"""Invalid input: values that fit no field, bodies that are no JSON object; and the answers to them."""

import json
from typing import Any

NUL, SURROGATE = "a\x00b", "a\ud800b"
NOT_TEXT: list[Any] = [5, 1.5, True, ["a"], {"a": 1}, None]
BAD_TEXT: list[Any] = [*NOT_TEXT, "", "   ", NUL, SURROGATE]
NOT_A_NUMBER: list[Any] = ["2", "x", "", True, 2.5, [1], {"a": 1}, None]

BROKEN_BODIES = {
    "nothing": b"",
    "cut off": b'{"qty": ',
    "not utf-8": b'{"qty": "\xff\xfe"}',
    "a list": b"[1, 2]",
    "a string": b'"hello"',
    "a number": b"12",
    "null": b"null",
    "NaN": b'{"qty": NaN}',
    "infinite": b'{"qty": 1e400}',
    "deeply nested": b"[" * 50_000,
    "deeply nested objects": b'{"a":' * 10_000,
    "html": b"<html></html>",
}
ONE_MEGABYTE = json.dumps({"title": "x" * 1_000_000}).encode()


def is_problem(response: Any, status: int, code: str | None = None) -> bool:
    """Fail unless an answer is a problem document with this status and code; return True, to be asserted."""
    assert response["Content-Type"] == "application/problem+json", (response.status_code, response.content[:300])
    body = response.json()
    assert {"type", "title", "status", "detail", "code", "requestId"} <= set(body)
    assert (response.status_code, body["status"]) == (status, status), body
    assert code is None or body["code"] == code, body
    return True


def faulty_fields(response: Any) -> set[str]:
    """Return the fields named in a 400."""
    assert is_problem(response, 400)
    return {error["field"] for error in response.json().get("errors", [])}
