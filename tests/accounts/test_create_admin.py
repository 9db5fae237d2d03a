"""POST /api/auth/create-admin."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import Client

from accounts.models import User
from journal.models import Entry
from tests.support.bad_input import BAD_TEXT, BROKEN_BODIES, NOT_TEXT, NUL, SURROGATE, faulty_fields, is_problem
from tests.support.factories import PASSWORD
from tests.support.sign_in import REGISTRATION, register_nora, strictest

URL, UNKNOWN = "/api/auth/create-admin", "/api/auth/no-such-call"
TOKEN = "admin-token-of-thirty-two-letters"
VALID = {"name": "Ada Admin", "email": "ada@example.com", "password": PASSWORD}


@pytest.fixture
def switched_on(settings) -> None:
    settings.ADMIN_CREATION_TOKEN = TOKEN


def create(client, body: object = VALID, token: str = TOKEN):
    return client.post(URL, body, HTTP_X_ADMIN_TOKEN=token)


def test_the_right_token_answers_201_with_user_and_tokens(switched_on, anonymous):
    response = create(anonymous)

    answer = response.json()
    assert (response.status_code, set(answer)) == (201, {"user", "token", "refresh"})
    assert answer["user"].pop("id").startswith("USR-")
    assert answer["user"] == {"name": "Ada Admin", "email": "ada@example.com", "role": "STAFF"}


def test_the_new_administrator_can_add_users_in_the_admin(switched_on, anonymous):
    create(anonymous)
    browser = Client()

    signed_in = browser.post("/admin/login/", {"username": VALID["email"], "password": PASSWORD})

    assert signed_in.status_code == 302
    assert browser.get("/admin/accounts/user/add/").status_code == 200


def test_the_access_token_works_at_once(switched_on, anonymous):
    token = create(anonymous).json()["token"]

    assert anonymous.get("/api/auth/me", HTTP_AUTHORIZATION=f"Bearer {token}").json()["role"] == "STAFF"


def test_the_journal_entry_holds_no_secret(switched_on, anonymous):
    user_id = create(anonymous).json()["user"]["id"]

    entry = Entry.objects.get(type="user.admin_created")
    assert (entry.actor, entry.subject, entry.data) == ("create-admin", user_id, {"id": user_id})


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "options", "head"])
def test_switched_off_it_answers_like_an_unknown_route(anonymous, method: str):
    ours, unknown = (
        getattr(anonymous, method)(url, headers={"X-Request-ID": "r", "X-Admin-Token": ""}) for url in (URL, UNKNOWN)
    )

    assert ours.status_code == 404
    assert (ours.content, ours.headers) == (unknown.content, unknown.headers)
    assert User.objects.count() == 0


@pytest.mark.parametrize("body", [*BROKEN_BODIES.values(), b"{}"], ids=[*BROKEN_BODIES.keys(), "empty"])
def test_switched_off_any_body_is_answered_like_an_unknown_route(anonymous, body: bytes):
    ours, unknown = (
        anonymous.generic("POST", url, body, "application/json", headers={"X-Request-ID": "r"})
        for url in (URL, UNKNOWN)
    )

    assert (ours.status_code, ours.content) == (404, unknown.content)


@pytest.mark.parametrize(
    "token", ["", "x", TOKEN[:-1], TOKEN + "x", TOKEN.upper(), "ü" * 40, "\xff\xfe", "🎷", SURROGATE]
)
def test_a_wrong_token_is_refused(switched_on, anonymous, token: str):
    assert is_problem(create(anonymous, token=token), 403, "wrong_admin_token")
    assert User.objects.count() == 0


def test_a_missing_token_is_refused(switched_on, anonymous):
    assert is_problem(anonymous.post(URL, VALID), 403, "wrong_admin_token")


@pytest.mark.parametrize("body", BROKEN_BODIES.values(), ids=BROKEN_BODIES.keys())
def test_a_wrong_token_is_refused_before_the_body_is_read(switched_on, anonymous, body: bytes):
    refused, read = (
        anonymous.generic("POST", URL, body, "application/json", headers={"X-Admin-Token": token})
        for token in ("wrong", TOKEN)
    )

    assert is_problem(refused, 403, "wrong_admin_token")
    assert is_problem(read, 400, "invalid")


def test_many_wrong_tokens_are_answered_429(switched_on, anonymous, settings):
    settings.RATE_LIMITS = True

    answers = [create(anonymous, token="wrong") for _ in range(21)]

    assert is_problem(answers[0], 403)
    assert is_problem(strictest(answers), 429, "too_many_requests")


@pytest.mark.parametrize("email", ["nora@example.com", " NORA@example.com"])
def test_a_registered_address_is_refused(switched_on, anonymous, email: str):
    register_nora()

    assert is_problem(create(anonymous, {**VALID, "email": email}), 409, "email_taken")
    assert Entry.objects.count() == 0


def test_of_concurrent_requests_one_gets_the_address(switched_on, client_factory):
    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(lambda _: create(client_factory()).status_code, range(8)))

    assert sorted(statuses) == [201] + [409] * 7
    assert (User.objects.count(), Entry.objects.count()) == (1, 1)


@pytest.mark.parametrize("password", ["short1!", "password", "12345678901", "ada@example.com"])
def test_a_weak_password_is_refused(switched_on, anonymous, password: str):
    response = create(anonymous, {**VALID, "password": password})

    assert faulty_fields(response) == {"password"}
    assert response.json()["errors"][0]["code"] == "weak_password"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *[("name", value) for value in [*BAD_TEXT, "n" * 151]],
        *[("email", value) for value in [*BAD_TEXT, "x", "a@b\n.de", "x" * 250 + "@b.de"]],
        *[("password", value) for value in [*NOT_TEXT, "", NUL, SURROGATE, "p" * 129]],
    ],
)
def test_an_invalid_field_is_named_in_the_400(switched_on, anonymous, field: str, value: object):
    assert faulty_fields(create(anonymous, {**VALID, field: value})) == {field}


def test_every_missing_field_is_named(switched_on, anonymous):
    assert faulty_fields(create(anonymous, {})) == {"name", "email", "password"}


def test_registering_with_the_token_makes_no_administrator(switched_on, anonymous):
    anonymous.post("/api/auth/register", REGISTRATION, HTTP_X_ADMIN_TOKEN=TOKEN)

    assert User.objects.get().is_staff is False
