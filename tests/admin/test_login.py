"""The admin's login: for staff only, with a limit on guesses."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests.support.factories import PASSWORD, make_user
from tests.support.policies import policy_of

LOGIN = "/admin/login/"


@pytest.fixture
def limited(settings: Any) -> None:
    settings.RATE_LIMITS = True


@pytest.fixture
def mona() -> User:
    user = make_user("Mona Moderator", role="STAFF", is_staff=True)
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(email: str, password: str = PASSWORD, address: str = "10.0.0.1") -> Any:
    return Client().post(LOGIN, {"username": email, "password": password}, REMOTE_ADDR=address)


def test_staff_are_sent_to_the_dashboard_after_login(mona: User):
    response = sign_in(mona.email)

    assert (response.status_code, response["Location"]) == (302, "/admin/")


@pytest.mark.parametrize("role", ["ORGANIZER", "CUSTOMER"])
def test_organizers_and_customers_cannot_log_in(role: str):
    user = make_user("Pam Plain", role=role)
    user.set_password(PASSWORD)
    user.save()

    response = sign_in(user.email)

    assert response.status_code == 200
    assert response.context["form"].errors
    assert "sessionid" not in response.cookies


def test_blocked_staff_cannot_log_in(mona: User):
    User.objects.filter(pk=mona.pk).update(is_active=False)

    assert sign_in(mona.email).status_code == 200


def refused_after(guess: Callable[[int], Any], *, at_most: int) -> int:
    """Return how many guesses were answered before the first 429; a new minute allows as many again."""
    return next(number for number in range(2 * at_most + 1) if guess(number).status_code == 429)


def test_guesses_at_one_account_are_limited_from_any_address(limited: None, mona: User):
    answered = refused_after(lambda number: sign_in(mona.email.upper(), "Wrong-pass-1", f"10.0.0.{number}"), at_most=10)

    assert answered >= 10


def test_guesses_from_one_address_are_limited_for_any_account(limited: None, mona: User):
    answered = refused_after(lambda number: sign_in(f"nobody{number}@example.com", "Wrong-pass-1"), at_most=30)

    assert answered >= 30


def test_a_limited_login_says_when_to_try_again(limited: None, mona: User):
    for _ in range(12):
        response = sign_in(mona.email, "Wrong-pass-1")

    seconds = int(response["Retry-After"])
    assert 1 <= seconds <= 61
    assert f"Please try again in {seconds} second" in response.content.decode()
    assert f'href="{LOGIN}"' in response.content.decode()


def test_the_right_password_is_refused_after_too_many_guesses(limited: None, mona: User):
    for _ in range(12):
        sign_in(mona.email, "Wrong-pass-1")

    assert sign_in(mona.email).status_code == 429


def test_the_session_cookie_is_secure_and_http_only(mona: User):
    cookie = sign_in(mona.email).cookies["sessionid"]

    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")


@pytest.mark.parametrize("url", [LOGIN, "/admin/", "/admin/events/event/"])
def test_the_content_security_policy_allows_own_files_only(moderator: Client, url: str):
    response = moderator.get(url)
    policy = policy_of(response)

    assert (policy["default-src"], policy["script-src"]) == ("'none'", "'self' 'unsafe-eval'")
    assert "http" not in response["Content-Security-Policy"]
    assert not [line for line in response.content.decode().splitlines() if "<script>" in line or 'src="http' in line]
