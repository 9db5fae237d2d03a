"""POST /api/auth/password/reset, the mail, and POST /api/auth/password/reset/confirm."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from accounts import passwords, reset_tokens, services
from accounts.models import User
from config.clock import now
from journal.drain import drain
from journal.models import Entry
from tests.accounts.people import NEW_PASSWORD, is_over, register_nora, sign_in
from tests.bad_input import BAD_TEXT, BROKEN_BODIES, NOT_TEXT, NUL, SURROGATE, faulty_fields, is_problem
from tests.commands import database_commands
from tests.factories import PASSWORD

REQUEST, CONFIRM = "/api/auth/password/reset", "/api/auth/password/reset/confirm"


@pytest.fixture(autouse=True)
def outbox(settings) -> list[mail.EmailMessage]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return mail.outbox


@pytest.fixture
def nora() -> User:
    return register_nora()


@pytest.fixture
def token(nora: User) -> str:
    return reset_tokens.make_token(nora)


def ask(client, email: object = "nora@example.com", **headers: str):
    response = client.post(REQUEST, {"email": email}, headers=headers)
    assert passwords.reset_desk.finish()
    return response


def confirm(client, token: object, new: object = NEW_PASSWORD):
    return client.post(CONFIRM, {"token": token, "new": new})


def fault(response) -> tuple[str, str]:
    assert is_problem(response, 400)
    (error,) = response.json()["errors"]
    return error["field"], error["code"]


def test_from_the_mail_to_the_new_password(nora: User, anonymous):
    ask(anonymous)
    drain("account_mail")
    token = mail.outbox[0].body.partition("#token=")[2].split()[0]

    assert confirm(anonymous, token).status_code == 204

    assert "token" in sign_in(anonymous, NEW_PASSWORD)
    assert sign_in(anonymous, PASSWORD)["code"] == "bad_credentials"


@pytest.mark.parametrize("email", ["NORA@Example.COM", " nora@example.com "])
def test_finds_the_address_in_any_case(nora: User, anonymous, email: str):
    ask(anonymous, email)

    assert Entry.objects.get().subject == nora.id


def test_an_unknown_a_blocked_and_a_good_address_get_the_same_answer(nora: User, anonymous):
    blocked = services.register(name="Bo", email="bo@example.com", password=PASSWORD, role="CUSTOMER", now=now())
    services.block(user_id=blocked.id, now=now())

    answers = [ask(anonymous, f"{name}@example.com", **{"X-Request-ID": "r"}) for name in ("nora", "bo", "nobody")]

    assert [answer.status_code for answer in answers] == [202, 202, 202]
    assert len({answer.content for answer in answers}) == 1
    assert [entry.subject for entry in Entry.objects.all()] == [nora.id]


def test_nothing_that_could_tell_by_its_time_happens_in_the_request(nora: User, anonymous, monkeypatch):
    handed_in: list[Any] = []
    monkeypatch.setattr(passwords.reset_desk, "add", handed_in.extend)

    with database_commands() as sent:
        ask(anonymous)

    assert (sent, [request.email for request in handed_in]) == ([], ["nora@example.com"])


def test_the_journal_keeps_the_request_and_no_secret(nora: User, anonymous):
    ask(anonymous, **{"X-Request-ID": "asked-by-nora"})

    entry = Entry.objects.get()
    assert (entry.type, entry.actor, entry.subject) == ("user.password_reset_requested", "", nora.id)
    assert (entry.data, entry.request_id) == ({"id": nora.id}, "asked-by-nora")


def test_one_request_that_fails_does_not_hold_up_the_others(nora: User, monkeypatch):
    broken = passwords.ResetRequest(email=None, at=None, request_id="")
    good = passwords.ResetRequest(email=nora.email, at=now(), request_id="")
    real = passwords.record_reset
    monkeypatch.setattr(passwords, "record_reset", lambda request: real(request) if request is good else 1 / 0)

    passwords.record_resets([broken, good])

    assert Entry.objects.count() == 1


def test_who_has_no_password_gets_none_by_mail(customer: User, anonymous):
    """Staff turn password sign-in off for an account; its mailbox does not turn it on again."""
    ask(anonymous, customer.email)

    assert Entry.objects.count() == 0


def test_the_mail_holds_link_and_token_in_text_and_html(nora: User, anonymous, settings):
    settings.PASSWORD_RESET_URL = "https://shop.example/new-password"
    ask(anonymous)

    drain("account_mail")

    (sent,) = mail.outbox
    ((html, kind),) = sent.alternatives
    assert (sent.to, sent.subject, kind) == ([nora.email], "Choose a new password", "text/html")
    token = sent.body.partition("https://shop.example/new-password#token=")[2].split()[0]
    assert reset_tokens.find_user(token) == nora
    for body in (sent.body, html):
        assert all(part in body for part in ("Hello Nora New", f"#token={token}", "60 minutes"))
        assert body.count(token) == 2


def test_the_link_leads_to_the_public_url_unless_told_otherwise(settings):
    assert f"{settings.PUBLIC_URL}/reset-password" == settings.PASSWORD_RESET_URL


@pytest.mark.parametrize("name", ["Nora\nBcc: all@example.com", "Nora\r\n\r\nHi", "<b>Ñora</b> 🎷"])
def test_a_name_adds_neither_headers_nor_markup(nora: User, anonymous, name: str):
    services.rename(user_id=nora.id, name=name)
    ask(anonymous)

    drain("account_mail")

    (sent,) = mail.outbox
    assert sent.recipients() == [nora.email]
    assert sent.message()["Bcc"] is None
    assert f"Hello {' '.join(name.split())}," in sent.body
    assert "<b>" not in sent.alternatives[0][0]


def test_the_mail_is_sent_once_and_its_message_id_follows_from_the_entry(nora: User, anonymous):
    ask(anonymous)

    drain("account_mail")
    drain("account_mail")

    assert [one.extra_headers["Message-ID"] for one in mail.outbox] == [f"<{Entry.objects.get().id}@localhost>"]


def test_who_was_blocked_meanwhile_gets_no_mail(nora: User, anonymous):
    ask(anonymous)
    services.block(user_id=nora.id, now=now())

    drain("account_mail")

    assert mail.outbox == []


def test_asking_is_limited_for_each_address_written_to(anonymous, settings):
    settings.RATE_LIMITS = True

    answers = [ask(anonymous, "Nora@example.com" if number % 2 else "nora@example.com") for number in range(11)]
    other = ask(anonymous, "other@example.com")

    assert (answers[0].status_code, other.status_code) == (202, 202)
    assert is_problem(answers[-1], 429, "too_many_requests")


@pytest.mark.parametrize("email", [*BAD_TEXT, "x", "a@b\n.de", "x" * 250 + "@b.de", "a@b.de,c@d.de"])
def test_refuses_a_bad_address(anonymous, email: object):
    assert faulty_fields(ask(anonymous, email)) == {"email"}


@pytest.mark.parametrize("url", [REQUEST, CONFIRM])
@pytest.mark.parametrize("body", BROKEN_BODIES.values(), ids=BROKEN_BODIES.keys())
def test_refuses_a_broken_body(anonymous, url: str, body: bytes):
    assert is_problem(anonymous.generic("POST", url, body, "application/json"), 400, "invalid")


def test_a_token_works_once(anonymous, token: str):
    confirm(anonymous, token)

    assert fault(confirm(anonymous, token, "Third-pass-535")) == ("token", "bad_token")
    assert "token" in sign_in(anonymous, NEW_PASSWORD)


def test_used_by_many_at_once_a_token_changes_the_password_once(nora: User, client_factory, token: str):
    choices = [f"{NEW_PASSWORD}-{number}" for number in range(8)]

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda new: confirm(client_factory(), token, new), choices))

    (winner,) = [number for number, answer in enumerate(answers) if answer.status_code == 204]
    assert {fault(answer) for answer in answers if answer.status_code != 204} == {("token", "bad_token")}
    assert User.objects.get(pk=nora.pk).check_password(choices[winner])
    assert Entry.objects.filter(type="user.password_reset").count() == 1


def test_every_sign_in_ends(anonymous, token: str):
    session = sign_in(anonymous)

    confirm(anonymous, token)

    assert is_over(anonymous, session)
    assert not is_over(anonymous, sign_in(anonymous, NEW_PASSWORD))


def test_the_journal_says_so(nora: User, anonymous, token: str):
    confirm(anonymous, token)

    entry = Entry.objects.get()
    assert (entry.type, entry.actor, entry.subject) == ("user.password_reset", nora.id, nora.id)
    assert entry.data == {"id": nora.id}


@pytest.mark.parametrize(("minutes", "holds"), [(59, True), (61, False)])
def test_a_token_lives_for_an_hour(nora: User, monkeypatch, minutes: int, holds: bool):
    made = (now() - timedelta(minutes=minutes)).replace(tzinfo=None)
    with monkeypatch.context() as earlier:
        earlier.setattr(reset_tokens.generator, "_now", lambda: made)
        token = reset_tokens.make_token(nora)

    assert (reset_tokens.find_user(token) is not None) is holds


def test_a_blocked_user_resets_nothing(nora: User, anonymous, token: str):
    services.block(user_id=nora.id, now=now())

    assert fault(confirm(anonymous, token)) == ("token", "bad_token")
    assert User.objects.get(pk=nora.pk).check_password(PASSWORD)


def test_a_block_made_meanwhile_counts(nora: User, anonymous, token: str, monkeypatch):
    find = reset_tokens.find_user

    def find_then_block(token: str) -> User | None:
        found = find(token)
        services.block(user_id=nora.id, now=now())
        return found

    monkeypatch.setattr(reset_tokens, "find_user", find_then_block)

    assert fault(confirm(anonymous, token)) == ("token", "bad_token")
    assert User.objects.get(pk=nora.pk).check_password(PASSWORD)


def test_a_token_ends_with_a_password_changed_otherwise(nora: User, anonymous, token: str):
    passwords.change_password(user_id=nora.id, current=PASSWORD, new="Third-pass-535", now=now())

    assert fault(confirm(anonymous, token)) == ("token", "bad_token")


def test_a_token_ends_with_its_address(nora: User, anonymous, token: str):
    User.objects.filter(pk=nora.pk).update(email="new@example.com")

    assert fault(confirm(anonymous, token)) == ("token", "bad_token")


def test_a_weak_password_leaves_the_token_good(anonymous, token: str):
    assert fault(confirm(anonymous, token, "nora@example.com")) == ("new", "weak_password")

    assert confirm(anonymous, token).status_code == 204


def with_user(user_id: str, signature: str = "abc-def") -> str:
    return reset_tokens.urlsafe_base64_encode(f"{user_id}:{signature}".encode())


@pytest.mark.parametrize(
    "bad",
    ["x", "é", "🎷", "=", "====", "%00", "_w", with_user("USR-00000000"), with_user("\x00"), with_user("$ne"), with_user(""),
     with_user("USR-00000000", ""), "A" * 512],
)  # fmt: skip
def test_refuses_a_token_that_is_not_ours(nora: User, anonymous, bad: str):
    assert fault(confirm(anonymous, bad)) == ("token", "bad_token")


@pytest.mark.parametrize(
    "signature", ["", "-", "abc-def", "+1-a", "1-é", "x" * 20 + "-a", "é-é", "1-2-3", "zzzzzz-" + "0" * 32]
)
def test_refuses_a_forged_signature(nora: User, anonymous, signature: str):
    assert fault(confirm(anonymous, with_user(nora.id, signature))) == ("token", "bad_token")


def test_a_token_is_good_for_its_own_user_only(nora: User, customer: User, anonymous, token: str):
    other = services.register(name="Bo", email="bo@example.com", password=PASSWORD, role="CUSTOMER", now=now())
    signature = reset_tokens.urlsafe_base64_decode(token).decode().partition(":")[2]

    assert fault(confirm(anonymous, with_user(other.id, signature))) == ("token", "bad_token")


@pytest.mark.parametrize("value", [*NOT_TEXT, "", NUL, SURROGATE, "p" * 513])
@pytest.mark.parametrize("field", ["token", "new"])
def test_refuses_bad_fields(anonymous, token: str, field: str, value: object):
    body = {"token": token, "new": NEW_PASSWORD, field: value}

    assert faulty_fields(anonymous.post(CONFIRM, body)) == {field}


def test_trying_tokens_is_limited(anonymous, settings):
    settings.RATE_LIMITS = True

    answers = [confirm(anonymous, "x") for _ in range(121)]

    assert is_problem(answers[0], 400)
    assert is_problem(answers[-1], 429, "too_many_requests")
