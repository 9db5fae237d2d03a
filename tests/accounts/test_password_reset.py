"""POST /api/auth/password/reset and the mail that follows."""

from typing import Any

import pytest
from django.core import mail

from accounts import blocking, passwords, profile, registration, reset_tokens
from accounts.models import User
from config.core.clock import now
from journal.dispatch import dispatch
from journal.models import Entry
from tests.support.bad_input import BAD_TEXT, BROKEN_BODIES, faulty_fields, is_problem
from tests.support.factories import PASSWORD
from tests.support.mongodb_commands import database_commands
from tests.support.sign_in import NEW_PASSWORD, register_nora, sign_in, strictest

REQUEST, CONFIRM = "/api/auth/password/reset", "/api/auth/password/reset/confirm"


@pytest.fixture(autouse=True)
def outbox(settings) -> list[mail.EmailMessage]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return mail.outbox


@pytest.fixture
def nora() -> User:
    return register_nora()


def ask(client, email: object = "nora@example.com", **headers: str):
    response = client.post(REQUEST, {"email": email}, headers=headers)
    assert passwords.reset_request_worker.finish()
    return response


def the_mail() -> Any:
    """Deliver the pending entries and return the one mail that results."""
    dispatch("account_mail")
    (sent,) = mail.outbox
    return sent


def test_the_token_from_the_mail_sets_a_new_password(nora: User, anonymous):
    ask(anonymous)
    token = the_mail().body.partition("#token=")[2].split()[0]

    assert anonymous.post(CONFIRM, {"token": token, "new": NEW_PASSWORD}).status_code == 204

    assert "token" in sign_in(anonymous, NEW_PASSWORD)
    assert sign_in(anonymous, PASSWORD)["code"] == "bad_credentials"


@pytest.mark.parametrize("email", ["NORA@Example.COM", " nora@example.com "])
def test_the_address_is_found_in_any_case(nora: User, anonymous, email: str):
    ask(anonymous, email)

    assert Entry.objects.get().subject == nora.id


def test_known_blocked_and_unknown_addresses_get_the_same_answer(nora: User, anonymous):
    blocked = registration.register(name="Bo", email="bo@example.com", password=PASSWORD, role="CUSTOMER", now=now())
    blocking.block(user_id=blocked.id, now=now())

    answers = [ask(anonymous, f"{name}@example.com", **{"X-Request-ID": "r"}) for name in ("nora", "bo", "nobody")]

    assert [answer.status_code for answer in answers] == [202, 202, 202]
    assert len({answer.content for answer in answers}) == 1
    assert [entry.subject for entry in Entry.objects.filter(type="user.password_reset_requested")] == [nora.id]


def test_a_request_sends_no_database_commands(nora: User, anonymous, monkeypatch):
    handed_in: list[Any] = []
    monkeypatch.setattr(passwords.reset_request_worker, "add", handed_in.extend)

    with database_commands() as sent:
        ask(anonymous)

    assert (sent, [request.email for request in handed_in]) == ([], ["nora@example.com"])


def test_the_journal_entry_of_a_request_holds_no_secret(nora: User, anonymous):
    ask(anonymous, **{"X-Request-ID": "asked-by-nora"})

    entry = Entry.objects.get()
    assert (entry.type, entry.actor, entry.subject) == ("user.password_reset_requested", "", nora.id)
    assert (entry.data, entry.request_id) == ({"id": nora.id}, "asked-by-nora")


def test_a_failing_request_does_not_stop_the_others(nora: User, monkeypatch):
    broken = passwords.ResetRequest(email=None, at=None, request_id="")
    good = passwords.ResetRequest(email=nora.email, at=now(), request_id="")
    real = passwords.record_reset
    monkeypatch.setattr(passwords, "record_reset", lambda request: real(request) if request is good else 1 / 0)

    passwords.record_resets([broken, good])

    assert Entry.objects.count() == 1


def test_a_user_without_password_gets_no_mail(customer: User, anonymous):
    """Staff can turn off password sign-in for an account; a mail must not turn it on again."""
    ask(anonymous, customer.email)

    assert Entry.objects.count() == 0


def test_the_mail_has_link_and_token_in_text_and_html(nora: User, anonymous, settings):
    settings.PASSWORD_RESET_URL = "https://shop.example/new-password"
    ask(anonymous)

    sent = the_mail()

    html, kind = sent.alternatives[0]
    assert (sent.to, sent.subject, kind) == ([nora.email], "Choose a new password", "text/html")
    token = sent.body.partition("https://shop.example/new-password#token=")[2].split()[0]
    assert reset_tokens.user_of_token(token) == nora
    for body in (sent.body, html):
        assert all(part in body for part in ("Hello Nora New", f"#token={token}", "60 minutes"))
        assert body.count(token) == 2


def test_the_link_leads_to_the_public_url_by_default(settings):
    assert f"{settings.PUBLIC_URL}/reset-password" == settings.PASSWORD_RESET_URL


@pytest.mark.parametrize("name", ["Nora\nBcc: all@example.com", "Nora\r\n\r\nHi", "<b>Ñora</b> 🎷"])
def test_a_hostile_name_adds_neither_headers_nor_markup(nora: User, anonymous, name: str):
    profile.rename(user_id=nora.id, name=name)
    ask(anonymous)

    sent = the_mail()

    assert sent.recipients() == [nora.email]
    assert sent.message()["Bcc"] is None
    assert f"Hello {' '.join(name.split())}," in sent.body
    assert "<b>" not in sent.alternatives[0][0]


def test_the_mail_is_sent_once_with_the_entry_id_as_message_id(nora: User, anonymous):
    ask(anonymous)

    dispatch("account_mail")
    dispatch("account_mail")

    assert [one.extra_headers["Message-ID"] for one in mail.outbox] == [f"<{Entry.objects.get().id}@localhost>"]


def test_a_user_blocked_after_the_request_gets_no_mail(nora: User, anonymous):
    ask(anonymous)
    blocking.block(user_id=nora.id, now=now())

    dispatch("account_mail")

    assert mail.outbox == []


def test_many_requests_for_one_address_are_answered_429(anonymous, settings):
    settings.RATE_LIMITS = True

    answers = [ask(anonymous, "Nora@example.com" if number % 2 else "nora@example.com") for number in range(11)]
    other = ask(anonymous, "other@example.com")

    assert (answers[0].status_code, other.status_code) == (202, 202)
    assert is_problem(strictest(answers), 429, "too_many_requests")


@pytest.mark.parametrize("email", [*BAD_TEXT, "x", "a@b\n.de", "x" * 250 + "@b.de", "a@b.de,c@d.de"])
def test_an_invalid_address_is_named_in_the_400(anonymous, email: object):
    assert faulty_fields(ask(anonymous, email)) == {"email"}


@pytest.mark.parametrize("body", BROKEN_BODIES.values(), ids=BROKEN_BODIES.keys())
def test_a_broken_body_is_answered_400(anonymous, body: bytes):
    assert is_problem(anonymous.generic("POST", REQUEST, body, "application/json"), 400, "invalid")
