"""POST /api/auth/register, also at /api/register."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from accounts.models import User
from tests.support.bad_input import BAD_TEXT, BROKEN_BODIES, NUL, ONE_MEGABYTE, SURROGATE, faulty_fields, is_problem
from tests.support.sign_in import REGISTRATION as VALID

URLS = ["/api/auth/register", "/api/register"]
URL = URLS[0]


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("role", ["ORGANIZER", "CUSTOMER"])
def test_registering_answers_201_with_user_and_tokens(anonymous, url: str, role: str):
    response = anonymous.post(url, {**VALID, "role": role})

    answer = response.json()
    assert response.status_code == 201
    assert set(answer) == {"user", "token", "refresh"}
    assert answer["user"].pop("id").startswith("USR-")
    assert answer["user"] == {"name": "Nora New", "email": "nora@example.com", "role": role}


def test_the_token_works_at_once(anonymous):
    token = anonymous.post(URL, VALID).json()["token"]

    me = anonymous.get("/api/auth/me", HTTP_AUTHORIZATION=f"Bearer {token}")

    assert me.json()["email"] == "nora@example.com"


def test_the_password_is_stored_as_argon2id(anonymous):
    anonymous.post(URL, VALID)

    assert User.objects.get(email="nora@example.com").password.startswith("argon2$argon2id$")


@pytest.mark.parametrize("again", ["nora@example.com", "NORA@Example.COM", "  nora@example.com "])
def test_a_registered_address_is_refused_in_any_case(anonymous, again: str):
    anonymous.post(URL, VALID)

    assert is_problem(anonymous.post(URL, {**VALID, "email": again}), 409, "email_taken")


def test_of_concurrent_registrations_one_gets_the_address(client_factory):
    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(lambda _: client_factory().post(URL, VALID).status_code, range(8)))

    assert sorted(statuses) == [201] + [409] * 7
    assert User.objects.count() == 1


@pytest.mark.parametrize("role", ["STAFF", "ADMIN", "organizer", "", None, 1, ["CUSTOMER"], {"a": 1}, NUL, SURROGATE])
def test_any_other_role_is_refused(anonymous, role: object):
    assert faulty_fields(anonymous.post(URL, {**VALID, "role": role})) == {"role"}


def test_staff_fields_in_the_body_are_ignored(anonymous):
    anonymous.post(URL, {**VALID, "is_staff": True, "is_superuser": True, "isStaff": True})

    user = User.objects.get(email="nora@example.com")
    assert (user.is_staff, user.is_superuser) == (False, False)


@pytest.mark.parametrize("password", ["short1!", "password", "12345678901", "nora@example.com", "qwertyuiop"])
def test_a_weak_password_is_refused(anonymous, password: str):
    response = anonymous.post(URL, {**VALID, "password": password})

    assert faulty_fields(response) == {"password"}
    assert response.json()["errors"][0]["code"] == "weak_password"


@pytest.mark.parametrize(
    "email", [*BAD_TEXT, "x", "a@", "@b.c", "a b@c.de", "a@b\n.de", "x" * 250 + "@b.de", "a@b.de,c@d.de"]
)
def test_an_invalid_address_is_named_in_the_400(anonymous, email: object):
    assert faulty_fields(anonymous.post(URL, {**VALID, "email": email})) == {"email"}


@pytest.mark.parametrize("name", [*BAD_TEXT, "n" * 151])
def test_an_invalid_name_is_named_in_the_400(anonymous, name: object):
    assert faulty_fields(anonymous.post(URL, {**VALID, "name": name})) == {"name"}


@pytest.mark.parametrize(
    "password", [5, True, ["a"], None, "", NUL + "long-enough-1", SURROGATE + "long-enough-1", "p" * 129]
)
def test_an_invalid_password_is_named_in_the_400(anonymous, password: object):
    assert faulty_fields(anonymous.post(URL, {**VALID, "password": password})) == {"password"}


@pytest.mark.parametrize("name", ["Zoë 🎷 O'Neill", "名前", "a" * 150, "<script>alert(1)</script>"])
def test_an_unusual_name_is_stored_as_it_is(anonymous, name: str):
    assert anonymous.post(URL, {**VALID, "name": name}).json()["user"]["name"] == name


def test_every_missing_field_is_named(anonymous):
    assert faulty_fields(anonymous.post(URL, {})) == {"name", "email", "password", "role"}


@pytest.mark.parametrize("path", ["register", "login", "refresh", "logout"])
@pytest.mark.parametrize("body", BROKEN_BODIES.values(), ids=BROKEN_BODIES.keys())
def test_a_broken_body_is_answered_400_by_every_call(anonymous, path: str, body: bytes):
    assert is_problem(anonymous.generic("POST", f"/api/auth/{path}", body, "application/json"), 400, "invalid")


@pytest.mark.parametrize("path", ["register", "login", "refresh", "logout"])
def test_a_body_of_a_megabyte_is_answered_413_by_every_call(anonymous, path: str):
    response = anonymous.generic("POST", f"/api/auth/{path}", ONE_MEGABYTE, "application/json")

    assert is_problem(response, 413, "too_large")
