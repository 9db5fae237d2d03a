"""Users of the admin."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from tests.support.admin_client import browser_of, staff_with


@pytest.fixture
def moderator(staff: User) -> Client:
    """The browser of a superuser."""
    return browser_of(staff)


@pytest.fixture
def only_viewing() -> Callable[[str], User]:
    """Makes a staff member who may view one kind of object and nothing else."""
    return lambda model: staff_with("Hal Helper", f"view_{model}")
