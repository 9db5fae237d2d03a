"""Browsers that are signed in to the admin."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.test import Client

from accounts.groups import make_groups
from accounts.models import User
from tests.support import factories


def browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def messages(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def helper_with(*codenames: str) -> User:
    """Return a staff member with these permissions only, who is no superuser."""
    helper = factories.make_user("Hal Helper", role="STAFF", is_staff=True)
    group = Group.objects.create(name="helpers")
    group.permissions.set(Permission.objects.filter(codename__in=codenames))
    helper.groups.add(group)
    return helper


def member_of(name: str) -> User:
    """Return a staff member of a group that comes with the migrations, who is no superuser."""
    make_groups(apps)
    member = factories.make_user(f"Mia {name}", role="STAFF", is_staff=True)
    member.groups.add(Group.objects.get(name=name))
    return member


@pytest.fixture
def moderator(staff: User) -> Client:
    return browser_of(staff)


@pytest.fixture
def only_viewing() -> Callable[[str], User]:
    return lambda model: helper_with(f"view_{model}")
