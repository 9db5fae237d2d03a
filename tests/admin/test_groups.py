"""The groups that the migrations create: what their members may do, and what only superusers may do."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.test import Client

from accounts.groups import GROUPS, make_groups
from accounts.models import User
from tests.support.admin_client import browser_of, member_of

DECISIONS = {"events.moderate_event", "accounts.block_user", "bookings.cancel_booking", "bookings.resend_mail"}


def test_the_migrations_create_every_permission_once():
    for permissions in GROUPS.values():
        for app, model, codename, _ in permissions:
            assert Permission.objects.filter(content_type__app_label=app, codename=codename).count() == 1, codename
            assert apps.get_model(app, model)


@pytest.mark.parametrize(
    ("group", "decisions"),
    [("Moderators", DECISIONS), ("Support", {"bookings.cancel_booking", "bookings.resend_mail"})],
)
def test_members_may_view_everything_and_decide_as_their_group(group: str, decisions: set[str]):
    permissions = member_of(group).get_all_permissions()

    assert {one for one in permissions if ".view_" not in one} == decisions
    assert {"events.view_event", "bookings.view_booking", "accounts.view_user", "journal.view_entry"} <= permissions


def test_making_groups_again_keeps_permissions_added_by_hand():
    make_groups(apps)
    Group.objects.get(name="Support").permissions.add(Permission.objects.get(codename="change_event"))

    make_groups(apps)

    assert Group.objects.get(name="Support").permissions.filter(codename="change_event").count() == 1
    assert Group.objects.count() == 2


@pytest.mark.parametrize("group", ["Moderators", "Support"])
def test_members_cannot_give_themselves_or_others_more_rights(group: str, customer: User):
    member = member_of(group)
    browser, gift = browser_of(member), Group.objects.get(name="Moderators")
    form = {"name": "x", "role": "STAFF", "is_staff": "on", "is_superuser": "on", "groups": [str(gift.pk)]}

    for user in (member, customer):
        answer = browser.post(f"/admin/accounts/user/{user.pk}/change/", {**form, "email": user.email})
        assert answer.status_code == 403
    added = browser.post("/admin/accounts/user/add/", {**form, "email": "new@example.com"})
    changed = browser.post(f"/admin/auth/group/{gift.pk}/change/", {"name": "Moderators", "permissions": []})

    assert (added.status_code, changed.status_code) == (403, 403)
    assert not User.objects.filter(is_superuser=True).exists()
    assert list(User.objects.filter(is_staff=True)) == [member]


def test_staff_with_group_permissions_cannot_change_groups():
    gardener = member_of("Support")
    group = Group.objects.get(name="Support")
    group.permissions.add(*Permission.objects.filter(content_type__app_label="auth"))

    refused = browser_of(gardener).post(f"/admin/auth/group/{group.pk}/change/", {"name": "Support"})

    assert refused.status_code == 403


def test_the_password_field_is_shown_to_superusers_only(customer: User, moderator: Client):
    page = f"/admin/accounts/user/{customer.pk}/change/"

    shown = [browser.get(page).content.decode() for browser in (moderator, browser_of(member_of("Support")))]

    assert ["field-password" in content for content in shown] == [True, False]
