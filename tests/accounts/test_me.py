"""GET and PATCH /api/auth/me."""

import pytest

from accounts.models import User
from tests.support.bad_input import BAD_TEXT, BROKEN_BODIES, faulty_fields, is_problem

URL = "/api/auth/me"


@pytest.mark.parametrize(
    ("who", "role"), [("as_organizer", "ORGANIZER"), ("as_customer", "CUSTOMER"), ("as_staff", "STAFF")]
)
def test_says_who_is_signed_in(who: str, role: str, request: pytest.FixtureRequest):
    response = request.getfixturevalue(who).get(URL)

    assert (response.status_code, response.json()["role"]) == (200, role)
    assert set(response.json()) == {"id", "name", "email", "role"}


def test_renames(as_customer, customer: User):
    response = as_customer.patch(URL, {"name": "Carla"})

    assert (response.status_code, response.json()["name"]) == (200, "Carla")
    assert User.objects.get(pk=customer.pk).name == "Carla"


def test_changes_nothing_but_the_name(as_customer, customer: User):
    as_customer.patch(URL, {"name": "Carla", "role": "STAFF", "email": "x@example.com", "is_staff": True})

    user = User.objects.get(pk=customer.pk)
    assert (user.role, user.email, user.is_staff) == ("CUSTOMER", customer.email, False)


@pytest.mark.parametrize("method", ["get", "patch"])
def test_needs_a_token(anonymous, method: str):
    assert is_problem(getattr(anonymous, method)(URL), 401, "unauthorized")


@pytest.mark.parametrize("name", [*BAD_TEXT, "n" * 151])
def test_refuses_a_bad_name(as_customer, name: object):
    assert faulty_fields(as_customer.patch(URL, {"name": name})) == {"name"}


@pytest.mark.parametrize("body", BROKEN_BODIES.values(), ids=BROKEN_BODIES.keys())
def test_refuses_a_broken_body(as_customer, body: bytes):
    assert is_problem(as_customer.generic("PATCH", URL, body, "application/json"), 400, "invalid")


def test_cannot_be_deleted(as_customer):
    assert is_problem(as_customer.delete(URL), 405, "method_not_allowed")


@pytest.mark.parametrize("method", ["get", "patch"])
def test_an_account_that_is_gone_is_told_so(as_customer, customer: User, method: str):
    customer.delete()

    assert is_problem(getattr(as_customer, method)(URL, {"name": "Carla"}), 401, "account_gone")
