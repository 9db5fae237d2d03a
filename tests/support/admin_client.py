"""Staff with chosen rights, and Django's test client signed in to the admin."""

from typing import Any

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
    """Return the messages that a page shows."""
    return [str(message) for message in response.context["messages"]]


def staff_with(name: str, *codenames: str) -> User:
    """Return a staff member, no superuser, who has these permissions only."""
    member = factories.make_user(name, role="STAFF", is_staff=True)
    group = Group.objects.create(name=name)
    group.permissions.set(Permission.objects.filter(codename__in=codenames))
    member.groups.add(group)
    return member


def member_of(name: str) -> User:
    """Return a staff member, no superuser, of a group that the migrations create."""
    make_groups(apps)
    member = factories.make_user(f"Mia {name}", role="STAFF", is_staff=True)
    member.groups.add(Group.objects.get(name=name))
    return member
