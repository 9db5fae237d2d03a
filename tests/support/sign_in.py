"""Nora, a new user with a password: how she registers and signs in, and whether her sign-ins still work."""

from collections.abc import Sequence
from typing import Any

from accounts import registration
from accounts.models import User
from config.core.clock import now
from tests.support.bad_input import is_problem
from tests.support.factories import PASSWORD

REGISTRATION = {"name": "Nora New", "email": "nora@example.com", "password": PASSWORD, "role": "CUSTOMER"}
NEW_PASSWORD = "Other-pass-428"


def register_nora() -> User:
    return registration.register(**REGISTRATION, now=now())


def sign_in(client: Any, password: str = PASSWORD) -> dict[str, Any]:
    """Return Nora's tokens, or the problem document."""
    answer: dict[str, Any] = client.post("/api/auth/login", {"email": "nora@example.com", "password": password}).json()
    return answer


def bearer(session: dict[str, Any]) -> dict[str, str]:
    return {"HTTP_AUTHORIZATION": f"Bearer {session['token']}"}


def is_over(client: Any, session: dict[str, Any]) -> bool:
    """Tell whether both tokens of a sign-in are refused; fail if only one of them is."""
    refreshed = client.post("/api/auth/refresh", {"refresh": session["refresh"]}).status_code
    read = client.get("/api/auth/me", **bearer(session)).status_code
    assert (read, refreshed) in {(200, 200), (401, 401)}
    return read == 401


def fault(response: Any) -> tuple[str, str]:
    """Return field and code of the one error in a 400."""
    assert is_problem(response, 400)
    (error,) = response.json()["errors"]
    return error["field"], error["code"]


def strictest(answers: Sequence[Any]) -> Any:
    """Return the answer with the highest status. If a new minute begins in between, the last one may succeed again."""
    return max(answers, key=lambda answer: int(answer.status_code))
