"""Passwords in the admin: changing one's own, and setting that of another user."""

from typing import Any

import pytest
from django.test import Client

from accounts import blocking, passwords, registration
from accounts.models import User
from config.core.clock import now
from journal.models import Entry
from tests.support.admin_client import browser_of
from tests.support.factories import PASSWORD
from tests.support.sign_in import NEW_PASSWORD, is_over, register_nora

URL = "/admin/password_change/"
FORM = {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}


@pytest.fixture
def nora() -> User:
    return register_nora()


@pytest.fixture
def admin() -> User:
    return registration.create_admin(name="Ada", email="ada@example.com", password=PASSWORD, now=now())


def session_of_ada(client) -> dict[str, Any]:
    answer: dict[str, Any] = client.post("/api/auth/login", {"email": "ada@example.com", "password": PASSWORD}).json()
    return answer


def test_changing_ones_password_ends_all_other_sign_ins(admin: User, anonymous):
    session, browser, elsewhere = session_of_ada(anonymous), browser_of(admin), browser_of(admin)

    response = browser.post(URL, FORM, follow=True)

    assert response.redirect_chain == [(f"{URL}done/", 302)]
    assert is_over(anonymous, session)
    assert [one.get("/admin/").status_code for one in (browser, elsewhere)] == [200, 302]


def test_changing_ones_password_writes_a_journal_entry(admin: User):
    browser_of(admin).post(URL, FORM)

    entry = Entry.objects.get(type="user.password_changed")
    assert (entry.actor, entry.subject) == (admin.id, admin.id)


@pytest.mark.parametrize(
    ("field", "value"),
    [("old_password", "Wrong-pass-917"), ("new_password2", "x"), ("new_password2", NEW_PASSWORD + "x")],
)
def test_a_wrong_form_is_refused_and_changes_nothing(admin: User, field: str, value: str):
    page = browser_of(admin).post(URL, {**FORM, field: value})

    assert page.context["form"].errors.keys() == {field}
    assert User.objects.get(pk=admin.pk).check_password(PASSWORD)


def test_a_password_changed_in_the_meantime_is_kept(admin: User, monkeypatch):
    store = passwords.store

    def store_after_change(**arguments: Any) -> bool:
        monkeypatch.setattr(passwords, "store", store)
        passwords.change_password(user_id=admin.id, current=PASSWORD, new="Third-pass-535", now=now())
        return store(**arguments)

    monkeypatch.setattr(passwords, "store", store_after_change)

    response = browser_of(admin).post(URL, FORM)

    assert response.status_code == 403
    assert User.objects.get(pk=admin.pk).check_password("Third-pass-535")


def test_the_page_is_for_staff_only(nora: User):
    stranger = Client()
    stranger.force_login(nora)

    assert stranger.get(URL).status_code == 302
    assert Client().post(URL, FORM).status_code == 302


def test_the_page_has_the_header_of_the_admin(admin: User):
    browser = browser_of(admin)

    page, index = browser.get(URL), browser.get("/admin/")

    assert page.status_code == 200
    assert page.context["site_header"] == index.context["site_header"]


def test_setting_the_password_of_a_user_records_the_actor(admin: User, nora: User):
    passwords_given = {"usable_password": "true", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}

    browser_of(admin).post(f"/admin/accounts/user/{nora.pk}/password/", {**passwords_given, "set-password": "x"})

    entry = Entry.objects.get(type="user.password_changed")
    assert (entry.actor, entry.subject) == (admin.id, nora.id)


def test_setting_a_password_keeps_a_block_made_in_the_meantime(admin: User, nora: User, monkeypatch):
    store = passwords.store

    def store_after_block(**arguments: Any) -> bool:
        blocking.block(user_id=nora.id, now=now())
        return store(**arguments)

    monkeypatch.setattr(passwords, "store", store_after_block)
    passwords_given = {"usable_password": "true", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}

    browser_of(admin).post(f"/admin/accounts/user/{nora.pk}/password/", {**passwords_given, "set-password": "x"})

    assert User.objects.get(pk=nora.pk).is_active is False
