"""GET and PATCH /api/auth/me."""

import pytest

from accounts.models import User
from tests.support.bad_input import BAD_TEXT, BROKEN_BODIES, faulty_fields, is_problem

URL = "/api/auth/me"


@pytest.mark.parametrize(
    ("who", "role"), [("as_organizer", "ORGANIZER"), ("as_customer", "CUSTOMER"), ("as_staff", "STAFF")]
)
def test_get_returns_the_signed_in_user(who: str, role: str, request: pytest.FixtureRequest):
    response = request.getfixturevalue(who).get(URL)

    assert (response.status_code, response.json()["role"]) == (200, role)
    assert set(response.json()) == {"id", "name", "email", "role"}


def test_patch_changes_the_name(as_customer, customer: User):
    response = as_customer.patch(URL, {"name": "Carla"})

    assert (response.status_code, response.json()["name"]) == (200, "Carla")
    assert User.objects.get(pk=customer.pk).name == "Carla"


def test_patch_changes_nothing_but_the_name(as_customer, customer: User):
    as_customer.patch(URL, {"name": "Carla", "role": "STAFF", "email": "x@example.com", "is_staff": True})

    user = User.objects.get(pk=customer.pk)
    assert (user.role, user.email, user.is_staff) == ("CUSTOMER", customer.email, False)


@pytest.mark.parametrize("method", ["get", "patch"])
def test_a_request_without_token_is_answered_401(anonymous, method: str):
    assert is_problem(getattr(anonymous, method)(URL), 401, "unauthorized")


@pytest.mark.parametrize("name", [*BAD_TEXT, "n" * 151])
def test_an_invalid_name_is_named_in_the_400(as_customer, name: object):
    assert faulty_fields(as_customer.patch(URL, {"name": name})) == {"name"}


@pytest.mark.parametrize("body", BROKEN_BODIES.values(), ids=BROKEN_BODIES.keys())
def test_a_broken_body_is_answered_400(as_customer, body: bytes):
    assert is_problem(as_customer.generic("PATCH", URL, body, "application/json"), 400, "invalid")


def test_delete_is_answered_405(as_customer):
    assert is_problem(as_customer.delete(URL), 405, "method_not_allowed")


@pytest.mark.parametrize("method", ["get", "patch"])
def test_a_deleted_account_is_answered_account_gone(as_customer, customer: User, method: str):
    customer.delete()

    assert is_problem(getattr(as_customer, method)(URL, {"name": "Carla"}), 401, "account_gone")
