"""Users in the admin: blocking, staff rights, passwords."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import User
from accounts.refresh_tokens import BadToken, issue_tokens, rotate
from accounts.sign_in import log_in
from config.core.clock import now
from tests.support import factories
from tests.support.admin_client import browser_of, messages, staff_with

LIST = "/admin/accounts/user/"
NEW = {"email": "new.mod@example.com", "name": "New", "role": "CUSTOMER", "usable_password": "true",
       "password1": factories.PASSWORD, "password2": factories.PASSWORD}  # fmt: skip


@pytest.fixture
def helper() -> Client:
    """A staff member with every permission for users, who is no superuser."""
    return browser_of(staff_with("Hal Helper", "view_user", "add_user", "change_user", "delete_user"))


def edit(browser: Client, user: User, **changes: object):
    form = {"email": user.email, "name": user.name, "role": user.role, "is_staff": "on" if user.is_staff else ""}
    return browser.post(f"{LIST}{user.pk}/change/", {**form, **changes}, follow=True)


def reload(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_a_superuser_cannot_block_themselves(staff: User, moderator: Client):
    response = moderator.post(LIST, {"action": "block", "_selected_action": [staff.pk]}, follow=True)

    assert messages(response)[0].startswith(f"{staff} was not changed: ")
    assert reload(staff).is_active


def test_staff_with_view_permission_cannot_block(customer: User, only_viewing):
    browser_of(only_viewing("user")).post(LIST, {"action": "block", "_selected_action": [customer.pk]})

    assert reload(customer).is_active


def test_the_address_of_a_new_user_is_stored_in_lower_case(moderator: Client):
    moderator.post(f"{LIST}add/", {**NEW, "email": " New.Mod@Example.COM "})

    assert User.objects.get(email="new.mod@example.com").check_password(factories.PASSWORD)


def test_a_changed_address_is_stored_in_lower_case(customer: User, moderator: Client):
    edit(moderator, customer, email="Other@Example.COM")

    assert reload(customer).email == "other@example.com"


@pytest.mark.parametrize("email", ["CARL.customer@example.com", "no address", "", "a\x00@example.com"])
def test_a_taken_or_invalid_address_is_refused(customer: User, stranger: User, moderator: Client, email: str):
    added = moderator.post(f"{LIST}add/", {**NEW, "email": email})
    changed = edit(moderator, stranger, email=email)

    assert [page.context["adminform"].form.errors.keys() for page in (added, changed)] == [{"email"}, {"email"}]


@pytest.mark.parametrize("password", ["short", "password", "12345678901"])
def test_a_weak_password_is_refused(moderator: Client, password: str):
    page = moderator.post(f"{LIST}add/", {**NEW, "password1": password, "password2": password})

    assert page.context["adminform"].form.errors.keys() == {"password2"}


def test_posted_superuser_and_active_fields_are_ignored(customer: User, moderator: Client):
    edit(moderator, customer, is_superuser="on", is_active="")

    assert (reload(customer).is_superuser, reload(customer).is_active) == (False, True)


def test_a_superuser_can_make_staff_and_add_groups(customer: User, moderator: Client):
    group = Group.objects.create(name="helpers")

    edit(moderator, customer, is_staff="on", groups=[str(group.pk)])

    assert reload(customer).is_staff
    assert [one.name for one in reload(customer).groups.all()] == ["helpers"]


def test_other_staff_cannot_make_staff_or_add_groups(customer: User, helper: Client):
    group = Group.objects.create(name="others")

    edit(helper, customer, name="Carla", is_staff="on", is_superuser="on", groups=[str(group.pk)])
    helper.post(f"{LIST}add/", {**NEW, "is_staff": "on", "is_superuser": "on"})

    added = User.objects.get(email=NEW["email"])
    assert [(user.is_staff, user.is_superuser) for user in (reload(customer), added)] == [(False, False)] * 2
    assert (reload(customer).name, list(reload(customer).groups.all())) == ("Carla", [])


def test_other_staff_cannot_give_the_role_of_staff(customer: User, helper: Client):
    """The API trusts the role, whatever ``is_staff`` says."""
    page = edit(helper, customer, role="STAFF")
    helper.post(f"{LIST}add/", {**NEW, "role": "STAFF"})

    assert page.context["adminform"].form.errors.keys() == {"role"}
    assert reload(customer).role == "CUSTOMER"
    assert not User.objects.filter(email=NEW["email"]).exists()


def test_other_staff_cannot_change_staff_accounts(staff: User, helper: Client):
    passwords = {"usable_password": "true", "password1": factories.PASSWORD, "password2": factories.PASSWORD}

    refused = [
        edit(helper, staff, email="mine@example.com"),
        helper.post(f"{LIST}{staff.pk}/password/", {**passwords, "set-password": "x"}),
    ]
    helper.post(LIST, {"action": "block", "_selected_action": [staff.pk]})

    assert [response.status_code for response in refused] == [403, 403]
    assert (reload(staff).email, reload(staff).is_active) == (staff.email, True)
    assert not reload(staff).has_usable_password()


def test_setting_a_password_ends_every_sign_in(customer: User, moderator: Client):
    tokens = issue_tokens(user=customer, now=now())
    passwords = {"usable_password": "true", "password1": factories.PASSWORD, "password2": factories.PASSWORD}

    moderator.post(f"{LIST}{customer.pk}/password/", {**passwords, "set-password": "x"})

    assert log_in(email=customer.email, password=factories.PASSWORD, now=now())
    with pytest.raises(BadToken):
        rotate(refresh=tokens.refresh, now=now())


@pytest.mark.parametrize("changes", [{"role": "ORGANIZER"}, {"is_staff": "on"}])
def test_changing_the_role_ends_every_sign_in(customer: User, moderator: Client, changes: dict[str, str]):
    tokens = issue_tokens(user=customer, now=now())

    edit(moderator, customer, **changes)

    with pytest.raises(BadToken):
        rotate(refresh=tokens.refresh, now=now())


def test_changing_the_name_ends_no_sign_in(customer: User, moderator: Client):
    tokens = issue_tokens(user=customer, now=now())

    edit(moderator, customer, name="Carla")

    assert rotate(refresh=tokens.refresh, now=now())
    assert reload(customer).name == "Carla"


@pytest.mark.parametrize("query", ["carl", "CARL.cust", "{id}", "{lower}"])
def test_search_finds_users_by_id_and_start_of_the_address(
    customer: User, stranger: User, moderator: Client, query: str
):
    page = moderator.get(LIST, {"q": query.format(id=customer.pk, lower=customer.pk.lower())})

    assert [user.pk for user in page.context["cl"].queryset] == [customer.pk]
