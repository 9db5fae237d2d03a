"""POST /api/auth/password."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from accounts import passwords, registration
from accounts import sign_in as signing_in
from accounts.models import User
from config.core.clock import now
from journal.models import Entry
from tests.support.admin_client import browser_of
from tests.support.bad_input import BROKEN_BODIES, NOT_TEXT, NUL, ONE_MEGABYTE, SURROGATE, faulty_fields, is_problem
from tests.support.factories import PASSWORD
from tests.support.sign_in import NEW_PASSWORD, bearer, fault, is_over, register_nora, sign_in, strictest

URL = "/api/auth/password"
VALID = {"current": PASSWORD, "new": NEW_PASSWORD}


@pytest.fixture
def nora() -> User:
    return register_nora()


@pytest.fixture
def session(nora: User, anonymous) -> dict[str, Any]:
    return sign_in(anonymous)


@pytest.fixture
def admin() -> User:
    return registration.create_admin(name="Ada", email="ada@example.com", password=PASSWORD, now=now())


def change(client, session: dict[str, Any], body: object = VALID):
    return client.post(URL, body, **bearer(session))


def test_a_change_answers_204_and_the_new_password_signs_in(anonymous, session):
    assert change(anonymous, session).status_code == 204

    assert "token" in sign_in(anonymous, NEW_PASSWORD)
    assert sign_in(anonymous, PASSWORD)["code"] == "bad_credentials"


def test_a_change_ends_every_sign_in(anonymous, session):
    elsewhere = sign_in(anonymous)

    change(anonymous, session)

    assert is_over(anonymous, session)
    assert is_over(anonymous, elsewhere)


def test_a_sign_in_right_after_the_change_stays_valid(anonymous, session):
    change(anonymous, session)

    assert not is_over(anonymous, sign_in(anonymous, NEW_PASSWORD))


def test_a_sign_in_under_way_with_the_old_password_ends(anonymous, session, client_factory, monkeypatch):
    checked, changed = threading.Event(), threading.Event()
    issue = signing_in.issue_tokens

    def issue_late(**arguments: Any) -> Any:
        checked.set()
        changed.wait(10)
        return issue(**arguments)

    with ThreadPoolExecutor(1) as threads:
        monkeypatch.setattr(signing_in, "issue_tokens", issue_late)
        late = threads.submit(sign_in, client_factory())
        checked.wait(10)
        change(anonymous, session)
        changed.set()

    assert is_over(anonymous, late.result())


def test_the_journal_entry_of_a_change_holds_no_secret(nora: User, anonymous, session):
    change(anonymous, session)

    entry = Entry.objects.get()
    assert (entry.type, entry.actor, entry.subject) == ("user.password_changed", nora.id, nora.id)
    assert entry.data == {"id": nora.id}


def test_a_wrong_current_password_is_refused_and_changes_nothing(anonymous, session):
    response = change(anonymous, session, {**VALID, "current": "Wrong-pass-917"})

    assert fault(response) == ("current", "wrong_password")
    assert not is_over(anonymous, session)
    assert Entry.objects.count() == 0


@pytest.mark.parametrize("new", ["short1!", "password", "12345678901", "nora@example.com"])
def test_a_weak_password_is_refused(anonymous, session, new: str):
    assert fault(change(anonymous, session, {**VALID, "new": new})) == ("new", "weak_password")


def test_the_current_password_as_the_new_one_is_refused(anonymous, session):
    assert fault(change(anonymous, session, {**VALID, "new": PASSWORD})) == ("new", "same_password")


def test_blanks_at_the_ends_are_part_of_a_password(anonymous, session):
    change(anonymous, session, {**VALID, "new": f" {NEW_PASSWORD} "})

    assert sign_in(anonymous, NEW_PASSWORD)["code"] == "bad_credentials"
    assert "token" in sign_in(anonymous, f" {NEW_PASSWORD} ")


def test_of_concurrent_changes_one_succeeds(session, client_factory):
    def attempt(number: int) -> int:
        return change(client_factory(), session, {**VALID, "new": f"{NEW_PASSWORD}-{number}"}).status_code

    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(attempt, range(8)))

    assert statuses.count(204) == 1
    assert set(statuses) <= {204, 400, 401}
    assert Entry.objects.count() == 1


def test_many_wrong_current_passwords_are_answered_429(anonymous, session, settings):
    settings.RATE_LIMITS = True

    answers = [change(anonymous, session, {**VALID, "current": "Wrong-pass-917"}) for _ in range(21)]

    assert is_problem(answers[0], 400)
    assert is_problem(strictest(answers), 429, "too_many_requests")


def test_a_request_without_token_is_answered_401(anonymous):
    assert is_problem(anonymous.post(URL, VALID), 401, "unauthorized")


@pytest.mark.parametrize("value", [*NOT_TEXT, "", NUL, SURROGATE, "p" * 129])
@pytest.mark.parametrize("field", ["current", "new"])
def test_an_invalid_field_is_named_in_the_400(as_customer, field: str, value: object):
    assert faulty_fields(as_customer.post(URL, {**VALID, field: value})) == {field}


@pytest.mark.parametrize("body", BROKEN_BODIES.values(), ids=BROKEN_BODIES.keys())
def test_a_broken_body_is_answered_400(as_customer, body: bytes):
    assert is_problem(as_customer.generic("POST", URL, body, "application/json"), 400, "invalid")


def test_a_body_of_a_megabyte_is_answered_413(as_customer):
    assert is_problem(as_customer.generic("POST", URL, ONE_MEGABYTE, "application/json"), 413, "too_large")


def test_a_user_without_password_cannot_change_it(as_customer):
    assert fault(as_customer.post(URL, VALID)) == ("current", "wrong_password")


def test_a_change_ends_the_sessions_of_the_admin(admin: User):
    browser = browser_of(admin)
    assert browser.get("/admin/").status_code == 200

    passwords.change_password(user_id=admin.id, current=PASSWORD, new=NEW_PASSWORD, now=now())

    assert browser.get("/admin/").status_code == 302
