"""POST /api/auth/password/reset/confirm."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from accounts import blocking, passwords, registration, reset_tokens
from accounts.models import User
from config.core.clock import now
from journal.models import Entry
from tests.support.bad_input import BROKEN_BODIES, NOT_TEXT, NUL, SURROGATE, faulty_fields, is_problem
from tests.support.factories import PASSWORD
from tests.support.sign_in import NEW_PASSWORD, fault, is_over, register_nora, sign_in, strictest

URL = "/api/auth/password/reset/confirm"


@pytest.fixture
def nora() -> User:
    return register_nora()


@pytest.fixture
def token(nora: User) -> str:
    return reset_tokens.make_token(nora)


def confirm(client, token: object, new: object = NEW_PASSWORD):
    return client.post(URL, {"token": token, "new": new})


def test_a_used_token_is_refused(anonymous, token: str):
    confirm(anonymous, token)

    assert fault(confirm(anonymous, token, "Third-pass-535")) == ("token", "bad_token")
    assert "token" in sign_in(anonymous, NEW_PASSWORD)


def test_concurrent_uses_of_a_token_change_the_password_once(nora: User, client_factory, token: str):
    choices = [f"{NEW_PASSWORD}-{number}" for number in range(8)]

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda new: confirm(client_factory(), token, new), choices))

    (winner,) = [number for number, answer in enumerate(answers) if answer.status_code == 204]
    assert {fault(answer) for answer in answers if answer.status_code != 204} == {("token", "bad_token")}
    assert User.objects.get(pk=nora.pk).check_password(choices[winner])
    assert Entry.objects.filter(type="user.password_reset").count() == 1


def test_a_reset_ends_every_sign_in(anonymous, token: str):
    session = sign_in(anonymous)

    confirm(anonymous, token)

    assert is_over(anonymous, session)
    assert not is_over(anonymous, sign_in(anonymous, NEW_PASSWORD))


def test_a_reset_writes_a_journal_entry(nora: User, anonymous, token: str):
    confirm(anonymous, token)

    entry = Entry.objects.get()
    assert (entry.type, entry.actor, entry.subject) == ("user.password_reset", nora.id, nora.id)
    assert entry.data == {"id": nora.id}


@pytest.mark.parametrize(("minutes", "holds"), [(59, True), (61, False)])
def test_a_token_is_valid_for_an_hour(nora: User, monkeypatch, minutes: int, holds: bool):
    made = (now() - timedelta(minutes=minutes)).replace(tzinfo=None)
    with monkeypatch.context() as earlier:
        earlier.setattr(reset_tokens.generator, "_now", lambda: made)
        token = reset_tokens.make_token(nora)

    assert (reset_tokens.user_of_token(token) is not None) is holds


def test_a_blocked_user_cannot_reset(nora: User, anonymous, token: str):
    blocking.block(user_id=nora.id, now=now())

    assert fault(confirm(anonymous, token)) == ("token", "bad_token")
    assert User.objects.get(pk=nora.pk).check_password(PASSWORD)


def test_a_blocked_user_gets_bad_token_before_weak_password(nora: User, anonymous, token: str):
    blocking.block(user_id=nora.id, now=now())

    assert fault(confirm(anonymous, token, "weak")) == ("token", "bad_token")


def test_a_user_without_password_cannot_reset(customer: User, anonymous):
    assert fault(confirm(anonymous, reset_tokens.make_token(customer))) == ("token", "bad_token")


def test_a_block_during_the_reset_stops_it(nora: User, anonymous, token: str, monkeypatch):
    find = reset_tokens.user_of_token

    def find_then_block(token: str) -> User | None:
        found = find(token)
        blocking.block(user_id=nora.id, now=now())
        return found

    monkeypatch.setattr(reset_tokens, "user_of_token", find_then_block)

    assert fault(confirm(anonymous, token)) == ("token", "bad_token")
    assert User.objects.get(pk=nora.pk).check_password(PASSWORD)


def test_a_changed_password_ends_the_token(nora: User, anonymous, token: str):
    passwords.change_password(user_id=nora.id, current=PASSWORD, new="Third-pass-535", now=now())

    assert fault(confirm(anonymous, token)) == ("token", "bad_token")


def test_a_changed_address_ends_the_token(nora: User, anonymous, token: str):
    User.objects.filter(pk=nora.pk).update(email="new@example.com")

    assert fault(confirm(anonymous, token)) == ("token", "bad_token")


def test_a_refused_weak_password_leaves_the_token_valid(anonymous, token: str):
    assert fault(confirm(anonymous, token, "nora@example.com")) == ("new", "weak_password")

    assert confirm(anonymous, token).status_code == 204


def with_user(user_id: str, signature: str) -> str:
    return reset_tokens.urlsafe_base64_encode(f"{user_id}:{signature}".encode())


@pytest.mark.parametrize("bad", ["x", "é", "🎷", "=", "====", "%00", "_w", "A" * 512])
def test_an_unreadable_token_is_refused(nora: User, anonymous, bad: str):
    assert fault(confirm(anonymous, bad)) == ("token", "bad_token")


@pytest.mark.parametrize("user_id", ["", "USR-00000000", "\x00", "$ne"])
def test_a_token_of_an_unknown_user_is_refused(nora: User, anonymous, user_id: str):
    assert fault(confirm(anonymous, with_user(user_id, "abc-def"))) == ("token", "bad_token")


FORGED = ["", "-", "abc-def", "+1-a", "1-é", "x" * 20 + "-a", "é-é", "1-2-3", "zzzzzz-" + "0" * 32]


@pytest.mark.parametrize("signature", FORGED)
def test_a_forged_signature_is_refused(nora: User, anonymous, signature: str):
    assert fault(confirm(anonymous, with_user(nora.id, signature))) == ("token", "bad_token")


def test_a_signature_of_another_user_is_refused(nora: User, customer: User, anonymous, token: str):
    other = registration.register(name="Bo", email="bo@example.com", password=PASSWORD, role="CUSTOMER", now=now())
    signature = reset_tokens.urlsafe_base64_decode(token).decode().partition(":")[2]

    assert fault(confirm(anonymous, with_user(other.id, signature))) == ("token", "bad_token")


@pytest.mark.parametrize("value", [*NOT_TEXT, "", NUL, SURROGATE, "p" * 513])
@pytest.mark.parametrize("field", ["token", "new"])
def test_an_invalid_field_is_named_in_the_400(anonymous, token: str, field: str, value: object):
    body = {"token": token, "new": NEW_PASSWORD, field: value}

    assert faulty_fields(anonymous.post(URL, body)) == {field}


def test_many_wrong_tokens_are_answered_429(anonymous, settings):
    settings.RATE_LIMITS = True

    answers = [confirm(anonymous, "x") for _ in range(121)]

    assert is_problem(answers[0], 400)
    assert is_problem(strictest(answers), 429, "too_many_requests")


@pytest.mark.parametrize("body", BROKEN_BODIES.values(), ids=BROKEN_BODIES.keys())
def test_a_broken_body_is_answered_400(anonymous, body: bytes):
    assert is_problem(anonymous.generic("POST", URL, body, "application/json"), 400, "invalid")
