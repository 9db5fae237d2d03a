"""POST /api/auth/login, also at /api/login."""

import pytest

from accounts import blocking, hashers, registration
from accounts.models import User
from config.core.clock import now
from tests.support.bad_input import NOT_TEXT, NUL, SURROGATE, faulty_fields, is_problem
from tests.support.factories import PASSWORD
from tests.support.sign_in import REGISTRATION

URL = "/api/auth/login"


@pytest.fixture
def nora() -> User:
    return registration.register(**REGISTRATION, now=now())


@pytest.mark.parametrize("url", [URL, "/api/login"])
def test_a_login_answers_with_user_and_tokens(nora: User, anonymous, url: str):
    response = anonymous.post(url, {"email": nora.email, "password": PASSWORD})

    assert response.status_code == 200
    assert set(response.json()) == {"user", "token", "refresh"}
    assert response.json()["user"] == {"id": nora.id, "name": "Nora New", "email": nora.email, "role": "CUSTOMER"}


@pytest.mark.parametrize("email", ["NORA@EXAMPLE.COM", " nora@example.com "])
def test_the_address_is_found_in_any_case(nora: User, anonymous, email: str):
    assert anonymous.post(URL, {"email": email, "password": PASSWORD}).status_code == 200


def test_unknown_address_and_wrong_password_get_the_same_answer(nora: User, anonymous):
    wrong = anonymous.post(URL, {"email": nora.email, "password": "Wrong-pass-917"}, headers={"X-Request-ID": "r"})
    unknown = anonymous.post(URL, {"email": "nobody@example.com", "password": PASSWORD}, headers={"X-Request-ID": "r"})

    assert is_problem(wrong, 401, "bad_credentials")
    assert unknown.content == wrong.content


def test_a_password_is_hashed_for_an_unknown_address_too(anonymous, monkeypatch: pytest.MonkeyPatch):
    hashed = []
    real = hashers.Argon2PasswordHasher.encode
    monkeypatch.setattr(hashers.Argon2PasswordHasher, "encode", lambda *a: hashed.append(a) or real(*a))

    anonymous.post(URL, {"email": "nobody@example.com", "password": PASSWORD})

    assert len(hashed) == 1


def test_a_block_is_revealed_with_the_right_password_only(nora: User, anonymous):
    blocking.block(user_id=nora.id, now=now())

    right = anonymous.post(URL, {"email": nora.email, "password": PASSWORD})
    wrong = anonymous.post(URL, {"email": nora.email, "password": "Wrong-pass-917"})

    assert is_problem(right, 401, "account_blocked")
    assert is_problem(wrong, 401, "bad_credentials")


@pytest.mark.parametrize("value", [*NOT_TEXT, "", NUL, SURROGATE, "x" * 300])
@pytest.mark.parametrize("field", ["email", "password"])
def test_an_invalid_field_is_named_in_the_400(anonymous, field: str, value: object):
    body = {"email": "a@example.com", "password": PASSWORD, field: value}

    assert faulty_fields(anonymous.post(URL, body)) == {field}


@pytest.mark.parametrize("email", ["' or 1=1", "$ne", ".*", "🎷@example.com"])
def test_a_hostile_address_is_answered_as_wrong_credentials(nora: User, anonymous, email: str):
    assert is_problem(anonymous.post(URL, {"email": email, "password": PASSWORD}), 401, "bad_credentials")
