"""Browsers that are signed in to the admin."""

import pytest
from django.test import Client

from accounts.models import User


@pytest.fixture(autouse=True)
def plain_files(settings) -> None:
    """Pages name their files without the manifest that collectstatic makes for production."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


def browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


@pytest.fixture
def moderator(staff: User) -> Client:
    return browser_of(staff)
